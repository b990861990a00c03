// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import io.github.pgleash.benchmarks.programs.Leaks;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import javax.management.openmbean.CompositeData;

/**
 * Leaked backends ended, proved gone and their slots given back, beside the bare statement of a DBA, who waits until they
 * are gone; the slots stay lost then.
 */
final class ReclaimPart implements Part {
    private static final String LEAKED = "from pg_stat_activity where state = 'idle in transaction'";

    @Override
    public List<Table> run(Field field) throws Exception {
        List<Table> tables = new ArrayList<>();
        tables.add(compare(field, "server and JVM share all CPUs"));
        if (SeparateCpus.areToBeHad()) {
            try (SeparateCpus separate = SeparateCpus.of(field.server())) {
                tables.add(compare(field, separate.toString()));
            }
        }
        return tables;
    }

    private static Table compare(Field field, String where) throws Exception {
        int size = field.quick() ? 20 : 1_000;
        Sample bare = new Sample();
        Sample inside = new Sample();
        Sample overJmx = new Sample();
        for (int round = 1; round <= field.rounds(); round++) {
            field.say("reclaim of " + size + ", " + where + ", round " + round + " of " + field.rounds());
            bare.add(bare(field, size));
            inside.add(reclaim(field, size, (child, bean) -> inside(child, size)));
            overJmx.add(reclaim(field, size, (child, bean) -> overJmx(bean, size)));
        }
        Table table = new Table(
                "Reclaim of " + size + " leaked backends, " + where + ", JDK " + Jdk.version(field.javaHome()),
                "",
                "median",
                "least",
                "times bare");
        row(table, "bare pg_terminate_backend, until gone", bare, bare);
        row(table, "terminateLeaked: proved, slots freed", inside, bare);
        row(table, "the same, called over JMX", overJmx, bare);
        table.note(
                "The bare statement is sent as psql sends it, by a connection that is open; then the list is looked at"
                        + " every 10 ms. For pgleash the time is that of the whole call, until the caller has "
                        + size + " receipts.");
        return table;
    }

    private static void row(Table table, String name, Sample sample, Sample bare) {
        table.row(
                name,
                seconds(sample.median()),
                seconds(sample.least()),
                String.format(Locale.ROOT, "%.2f", sample.median() / bare.median()));
    }

    private static String seconds(double nanos) {
        return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }

    private static double bare(Field field, int size) throws Exception {
        try (Child child = start(field, field.ground().none(), size);
                Connection connection = field.server().connect();
                Statement statement = connection.createStatement()) {
            require(count(statement), size);
            long before = System.nanoTime();
            try (ResultSet rows = statement.executeQuery("select pg_terminate_backend(pid) " + LEAKED)) {
                while (rows.next()) {
                    // signalled
                }
            }
            while (count(statement) > 0) {
                LockSupport.parkNanos(10_000_000);
            }
            double took = System.nanoTime() - before;
            child.goOn();
            child.goOn();
            return took;
        }
    }

    /** Has them ended; how long that took. */
    private interface Call {
        double nanos(Child child, RemoteBean bean) throws Exception;
    }

    private static double reclaim(Field field, int size, Call call) throws Exception {
        try (Child child = start(field, field.ground().pgleash("leak.after=1s"), size);
                RemoteBean bean = RemoteBean.of(child);
                Connection connection = field.server().connect();
                Statement statement = connection.createStatement()) {
            while (!Integer.valueOf(size).equals(bean.attribute("Leaked"))) {
                LockSupport.parkNanos(100_000_000);
            }
            double took = call.nanos(child, bean);
            require(count(statement), 0);
            child.goOn();
            child.awaitLine(line -> line.startsWith("active="));
            require((int) child.number("active"), 0);
            child.goOn();
            return took;
        }
    }

    private static double inside(Child child, int size) throws Exception {
        child.say(Leaks.TERMINATE);
        child.awaitLine(line -> line.startsWith("took="));
        require((int) child.number("freed"), size);
        return child.number("took");
    }

    private static double overJmx(RemoteBean bean, int size) throws Exception {
        long before = System.nanoTime();
        CompositeData[] receipts = bean.terminateLeaked();
        double took = System.nanoTime() - before;
        require((int) Leaks.freed(receipts), size);
        return took;
    }

    private static void require(int found, int wanted) throws IOException {
        if (found != wanted) {
            throw new IOException("wanted " + wanted + " and found " + found);
        }
    }

    private static int count(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select count(*) " + LEAKED)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static Child start(Field field, Contender contender, int size) throws IOException {
        Child child = Child.start(
                field.javaHome(),
                contender,
                field.ground().classPath(),
                List.of(
                        "io.github.pgleash.benchmarks.programs.Leaks",
                        field.server().url(),
                        Integer.toString(size)));
        try {
            child.awaitReady();
            return child;
        } catch (IOException failed) {
            child.close();
            throw failed;
        }
    }
}
