// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measurements of one thing, one from each round. */
final class Sample {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    double median() {
        return median(values);
    }

    /** How much more than another: the median of the differences within a round, where both met the same machine. */
    double medianAbove(Sample other) {
        List<Double> differences = new ArrayList<>();
        for (int round = 0; round < values.size(); round++) {
            differences.add(values.get(round) - other.values.get(round));
        }
        return median(differences);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double least() {
        return Collections.min(values);
    }
}
