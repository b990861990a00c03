// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** What a server is asked by a service that has nothing to do: transactions, by the server's own count. */
final class LoadPart implements Part {
    private static final String TRANSACTIONS =
            "select sum(xact_commit + xact_rollback) from pg_stat_database where datname = 'postgres'";

    @Override
    public List<Table> run(Field field) throws Exception {
        long seconds = field.quick() ? 3 : 60;
        Table table = new Table(
                "Load of a healthy, quiet service with 10 connections, " + seconds + " s",
                "",
                "transactions",
                "an hour more than without an agent");
        long none = measure(field, seconds, field.ground().none(), "hikari");
        add(table, "HikariCP, no agent", none, none, seconds);
        add(table, "HikariCP, pgleash", measure(field, seconds, field.ground().pgleash(), "hikari"), none, seconds);
        add(
                table,
                "Tomcat JDBC, testWhileIdle every 5 s",
                measure(field, seconds, field.ground().none(), "tomcat"),
                none,
                seconds);
        table.note("Those of the first line are the harness's own looks at the counter, and the server's.");
        return List.of(table);
    }

    private static void add(Table table, String name, long transactions, long none, long seconds) {
        table.row(
                name,
                Long.toString(transactions),
                String.format(Locale.ROOT, "%+d", (transactions - none) * 3_600 / seconds));
    }

    private static long measure(Field field, long seconds, Contender contender, String pool) throws Exception {
        field.say("load, " + contender.name() + ", " + pool + ", " + seconds + " s");
        try (Child child = Child.start(
                field.javaHome(),
                contender,
                field.ground().classPath(),
                List.of(
                        "io.github.pgleash.benchmarks.programs.QuietService",
                        field.server().url(),
                        pool))) {
            child.awaitReady();
            pause(3); // counters are told to the statistics when a session has been idle for a second
            long before = field.server().number(TRANSACTIONS);
            pause(seconds);
            long after = field.server().number(TRANSACTIONS);
            child.goOn();
            return after - before;
        }
    }

    private static void pause(long seconds) {
        long end = System.nanoTime() + seconds * 1_000_000_000;
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
