// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks.programs;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Holds many connections. Tells how much heap is in use, and with pgleash how long its attributes take. */
public final class Fleet {
    private static final int READS = 30;

    private Fleet() {}

    public static void main(String[] args) throws Exception {
        Conversation harness = new Conversation();
        List<Connection> connections = open(args[0], Integer.parseInt(args[1]));
        System.out.println("heap=" + usedHeap());
        if (Boolean.parseBoolean(args[2])) {
            Bean bean = Bean.ofThisJvm();
            tell("refresh", bean::refresh);
            tell("count", () -> bean.attribute("Connections"));
            tell("leaked", () -> bean.attribute("Leaked"));
            tell("listing", () -> bean.attribute("Backends"));
        }
        harness.sayReady();
        harness.awaitLine();
        for (Connection connection : connections) {
            connection.close();
        }
    }

    private static List<Connection> open(String url, int count) throws SQLException {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connections.add(DriverManager.getConnection(url));
        }
        return connections;
    }

    private static void tell(String what, Callable<Object> read) throws Exception {
        long[] nanos = new long[READS];
        for (int i = 0; i < READS; i++) {
            long before = System.nanoTime();
            Object value = read.call();
            nanos[i] = System.nanoTime() - before;
            if (value == null) {
                throw new IOException(what + " has no value");
            }
        }
        Arrays.sort(nanos);
        System.out.printf(Locale.ROOT, "%s=%d%n", what, nanos[READS / 2]);
    }

    /** After collections that free what the opening left behind. */
    private static long usedHeap() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
