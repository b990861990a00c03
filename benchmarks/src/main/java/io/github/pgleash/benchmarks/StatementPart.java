// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import io.github.pgleash.benchmarks.jmh.Lending;
import io.github.pgleash.benchmarks.jmh.StatementBenchmark;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How long statements take. */
final class StatementPart implements Part {
    private record Entry(String name, Contender contender, Lending lending) {}

    @Override
    public List<Table> run(Field field) throws Exception {
        Ground ground = field.ground();
        List<Entry> entries = new ArrayList<>(List.of(
                new Entry(Ground.NONE, ground.none(), Lending.HIKARI),
                new Entry(Ground.PGLEASH, ground.pgleash(), Lending.HIKARI)));
        if (!field.quick()) {
            entries.add(new Entry("p6spy", ground.p6spy(), Lending.P6SPY));
            entries.add(new Entry("datasource-proxy", ground.none(), Lending.DATASOURCE_PROXY));
            entries.add(new Entry("OpenTelemetry", ground.openTelemetry(), Lending.HIKARI));
            entries.add(new Entry("Elastic APM", ground.elastic(), Lending.HIKARI));
        }
        Map<String, Samples> times = new TreeMap<>();
        int rounds = field.quick() ? 1 : Math.min(field.rounds(), 5);
        for (int round = 1; round <= rounds; round++) {
            field.say("statements, round " + round + " of " + rounds);
            for (Entry entry : entries) {
                new JmhRuns(field)
                        .fork(
                                entry.contender(),
                                StatementBenchmark.class,
                                1,
                                Map.of(
                                        "lending",
                                        entry.lending().name(),
                                        "url",
                                        field.server().url()))
                        .forEach((method, score) -> times.computeIfAbsent(method, name -> new Samples())
                                .of(entry.name())
                                .add(score.time()));
            }
        }
        List<Table> tables = new ArrayList<>();
        times.forEach((method, samples) -> {
            Sample none = samples.of(Ground.NONE);
            Table table = new Table("Statements, " + title(method), "", "median", "throughput of none");
            samples.forEach((name, sample) -> table.row(
                    name,
                    String.format(Locale.ROOT, "%.1f µs", sample.median()),
                    String.format(Locale.ROOT, "%.1f %%", 100 * none.median() / sample.median())));
            tables.add(table);
        });
        return tables;
    }

    private static String title(String method) {
        return switch (method) {
            case "select" -> "select by key, as text";
            case "prepared" -> "select by key, prepared";
            case "batch" -> "a batch of 50 in one flight";
            default -> method;
        };
    }
}
