// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import io.github.pgleash.benchmarks.jmh.BorrowBenchmark;
import io.github.pgleash.benchmarks.jmh.Lending;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a borrow and its return cost, beside what pools and wrappers take for finding leaks. */
final class BorrowPart implements Part {
    /**
     * A contender, in a pool.
     *
     * @param bare the same pool without it, which must come before
     */
    private record Entry(String name, Contender contender, Lending lending, String bare) {}

    @Override
    public List<Table> run(Field field) throws Exception {
        List<Table> tables = new ArrayList<>();
        List<Integer> threads = field.quick() ? List.of(1) : List.of(1, 8);
        List<Integer> depths = field.quick() ? List.of(20) : List.of(20, 80);
        for (String url :
                field.quick() ? List.of("") : List.of("", field.server().url())) {
            for (int threadCount : threads) {
                for (int depth : url.isEmpty() ? depths : depths.subList(0, 1)) {
                    tables.add(compare(field, url, threadCount, depth));
                }
            }
        }
        return tables;
    }

    private static List<Entry> entries(Field field) {
        Ground ground = field.ground();
        List<Entry> entries = new ArrayList<>();
        String hikari = "HikariCP";
        entries.add(new Entry(hikari, ground.none(), Lending.HIKARI, hikari));
        for (String stacks : List.of("never", "budget", "always")) {
            entries.add(
                    new Entry("pgleash, stacks=" + stacks, ground.pgleash("stacks=" + stacks), Lending.HIKARI, hikari));
        }
        entries.add(
                new Entry("HikariCP, leakDetectionThreshold", ground.none(), Lending.HIKARI_LEAK_DETECTION, hikari));
        if (field.quick()) {
            return entries;
        }
        entries.add(new Entry("p6spy", ground.p6spy(), Lending.P6SPY, hikari));
        entries.add(new Entry("datasource-proxy", ground.none(), Lending.DATASOURCE_PROXY, hikari));
        entries.add(new Entry("OpenTelemetry", ground.openTelemetry(), Lending.HIKARI, hikari));
        entries.add(new Entry("Elastic APM", ground.elastic(), Lending.HIKARI, hikari));
        entries.add(new Entry("Tomcat JDBC", ground.none(), Lending.TOMCAT, "Tomcat JDBC"));
        entries.add(new Entry("Tomcat JDBC, logAbandoned", ground.none(), Lending.TOMCAT_ABANDONED, "Tomcat JDBC"));
        entries.add(new Entry("DBCP2", ground.none(), Lending.DBCP2, "DBCP2"));
        entries.add(new Entry("DBCP2, logAbandoned", ground.none(), Lending.DBCP2_ABANDONED, "DBCP2"));
        return entries;
    }

    private static Table compare(Field field, String url, int threads, int depth) throws Exception {
        String title = "Borrow and return, " + (url.isEmpty() ? "stub driver" : "real server") + ", " + threads
                + (threads == 1 ? " thread" : " threads") + ", stack of " + depth;
        Samples times = new Samples();
        Samples bytes = new Samples();
        List<Entry> entries = entries(field);
        int rounds = field.quick() ? 1 : Math.min(field.rounds(), 5);
        for (int round = 1; round <= rounds; round++) {
            field.say(title + ", round " + round + " of " + rounds);
            for (Entry entry : entries) {
                Map<String, String> parameters = Map.of(
                        "lending", entry.lending().name(),
                        "depth", Integer.toString(depth),
                        "url", url,
                        "leashed", Boolean.toString(entry.contender().name().startsWith(Ground.PGLEASH)));
                JmhRuns.Score score = new JmhRuns(field)
                        .fork(entry.contender(), BorrowBenchmark.class, threads, parameters)
                        .values()
                        .iterator()
                        .next();
                times.of(entry.name()).add(score.time());
                bytes.of(entry.name()).add(score.bytes());
            }
        }
        Table table = new Table(
                title, "", "time", "more than the bare pool", "of it CPU", "allocated", "more than the bare pool");
        // The rest is a thread's wait for a CPU on which the others borrow meanwhile.
        double running = (double) Math.min(threads, Runtime.getRuntime().availableProcessors()) / threads;
        for (Entry entry : entries) {
            Sample time = times.of(entry.name());
            double more = time.median() - times.of(entry.bare()).median();
            Sample allocated = bytes.of(entry.name());
            Sample bareAllocated = bytes.of(entry.bare());
            table.row(
                    entry.name(),
                    String.format(Locale.ROOT, "%.0f ns", time.median()),
                    String.format(Locale.ROOT, "%+.0f ns", more),
                    String.format(Locale.ROOT, "%+.0f ns", running * more),
                    String.format(Locale.ROOT, "%.0f B", allocated.median()),
                    String.format(Locale.ROOT, "%+.0f B", allocated.median() - bareAllocated.median()));
        }
        return table;
    }
}
