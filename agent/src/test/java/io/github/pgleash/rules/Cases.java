// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import io.github.pgleash.judge.Verdict;
import io.github.pgleash.judge.Verdict.Confidence;
import io.github.pgleash.judge.Verdict.Kind;
import io.github.pgleash.rules.Planner.Case;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Makes the backends that rules decide about; by default a leak for certain of long standing, with its pool to itself. */
final class Cases {
    private static long numbers;

    private final Map<Column, String> texts = new EnumMap<>(Map.of(
            Column.SERVER, "db:5432",
            Column.USENAME, "app",
            Column.DATNAME, "shop",
            Column.STATE, "idle",
            Column.QUERY, "select ?",
            Column.POOL, "orders",
            Column.OWNER, "report-1 #27",
            Column.BORROWED_FROM, "com.example.Report.monthly(Report.java:24)"));
    private final Map<Age, Duration> ages = new EnumMap<>(Map.of(
            Age.BORROW, Duration.ofMinutes(10),
            Age.STATE, Duration.ofMinutes(10)));
    private final Set<Exemption> exemptions = EnumSet.noneOf(Exemption.class);
    private final String name;
    private Kind kind = Kind.LEAKED;
    private Confidence confidence = Confidence.CERTAIN;
    private Standing standing = new Standing(Duration.ofHours(1), null, null);
    private int lent = 1;

    private Cases(String name) {
        this.name = name;
    }

    static Cases leaked(String name) {
        return new Cases(name);
    }

    /** One that runs a statement for long. */
    static Cases stuck(String name) {
        Cases stuck = new Cases(name);
        stuck.kind = Kind.STUCK;
        return stuck.with(Column.STATE, "active");
    }

    Cases with(Column column, String text) {
        texts.put(column, text);
        return this;
    }

    Cases with(Age age, Duration duration) {
        ages.put(age, duration);
        return this;
    }

    Cases minutes(int borrowed) {
        return with(Age.BORROW, Duration.ofMinutes(borrowed));
    }

    Cases without(Column column) {
        texts.remove(column);
        return this;
    }

    Cases borrowedByNobody() {
        ages.remove(Age.BORROW);
        return this;
    }

    Cases with(Exemption exemption) {
        exemptions.add(exemption);
        return this;
    }

    Cases probably() {
        confidence = Confidence.PROBABLE;
        return this;
    }

    Cases ofPoolThatHasLent(int connections) {
        lent = connections;
        return this;
    }

    Cases standing(Duration stood) {
        standing = new Standing(stood, null, null);
        return this;
    }

    Cases standing(Standing some) {
        standing = some;
        return this;
    }

    Candidate candidate() {
        long number = ++numbers;
        return new Candidate(
                name,
                new Key(number, number, kind),
                new Verdict(kind, confidence, "was borrowed long ago"),
                texts,
                ages,
                exemptions,
                texts.getOrDefault(Column.POOL, ""),
                lent);
    }

    Case make() {
        return new Case(candidate(), standing);
    }
}
