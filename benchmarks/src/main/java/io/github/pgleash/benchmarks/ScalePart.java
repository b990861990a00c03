// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What many tracked connections cost: memory, a look, the attributes, a whole listing. */
final class ScalePart implements Part {
    private static final String FLEET = "io.github.pgleash.benchmarks.programs.Fleet";
    private static final int LISTINGS = 10;

    @Override
    public List<Table> run(Field field) throws Exception {
        List<Integer> sizes = field.quick() ? List.of(5, 20) : List.of(10, 100, 1_000, 5_000);
        Table table = new Table(
                "Scale, real connections, JDK " + Jdk.version(field.javaHome()),
                "connections",
                "heap each",
                "a look (refresh)",
                "bare pg_stat_activity",
                "attribute Connections",
                "attribute Leaked",
                "listing in the JVM",
                "listing over JMX");
        Contender leashed = field.ground().pgleash("stacks=never");
        double none = heap(field, field.ground().none(), 0);
        double empty = heap(field, leashed, 0);
        for (int size : sizes) {
            field.say("scale, " + size + " connections");
            double bare = heap(field, field.ground().none(), size);
            try (Child child = start(field, leashed, size)) {
                double perConnection = (child.number("heap") - empty - (bare - none)) / size;
                table.row(
                        Integer.toString(size),
                        size < 100 ? "(noise)" : String.format(Locale.ROOT, "%.0f B", perConnection),
                        millis(child.number("refresh")),
                        millis(bareQuery(field)),
                        millis(child.number("count")),
                        millis(child.number("leaked")),
                        millis(child.number("listing")),
                        millis(remoteListing(child)));
                child.goOn();
            }
        }
        table.note(
                "Heap each, stacks=never: in use with pgleash and the connections, less that without pgleash, less what pgleash"
                        + " alone takes; after several collections. Times are medians of " + LISTINGS + " or more.");
        return List.of(table);
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
    }

    private static double heap(Field field, Contender contender, int size) throws Exception {
        try (Child child = start(field, contender, Math.max(size, 1))) {
            double heap = child.number("heap");
            child.goOn();
            return heap;
        }
    }

    private static Child start(Field field, Contender contender, int size) throws IOException {
        boolean leashed = contender.name().startsWith(Ground.PGLEASH);
        Child child = Child.start(
                field.javaHome(),
                contender,
                field.ground().classPath(),
                List.of(FLEET, field.server().url(), Integer.toString(size), Boolean.toString(leashed)));
        try {
            child.awaitReady();
            return child;
        } catch (IOException failed) {
            child.close();
            throw failed;
        }
    }

    private static long bareQuery(Field field) throws Exception {
        long[] nanos = new long[LISTINGS];
        try (Connection connection = field.server().connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < LISTINGS; i++) {
                long before = System.nanoTime();
                try (ResultSet rows = statement.executeQuery("select * from pg_stat_activity")) {
                    while (rows.next()) {
                        // only to have them all here
                    }
                }
                nanos[i] = System.nanoTime() - before;
            }
        }
        Arrays.sort(nanos);
        return nanos[LISTINGS / 2];
    }

    private static long remoteListing(Child child) throws Exception {
        long[] nanos = new long[LISTINGS];
        try (RemoteBean bean = RemoteBean.of(child)) {
            for (int i = 0; i < LISTINGS; i++) {
                long before = System.nanoTime();
                bean.attribute("Backends");
                nanos[i] = System.nanoTime() - before;
            }
        }
        Arrays.sort(nanos);
        return nanos[LISTINGS / 2];
    }
}
