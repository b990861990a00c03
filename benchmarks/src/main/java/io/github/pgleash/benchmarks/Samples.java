// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** The samples of all contenders, in the order in which they came first. */
final class Samples {
    private final Map<String, Sample> byName = new LinkedHashMap<>();

    Sample of(String name) {
        return byName.computeIfAbsent(name, key -> new Sample());
    }

    void forEach(BiConsumer<String, Sample> action) {
        byName.forEach(action);
    }
}
