// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks.programs;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/** Borrows every connection of a pool, by threads that end without giving it back. */
public final class Leaks {
    /** What the harness says to have them ended from inside this JVM. */
    public static final String TERMINATE = "terminate";

    private Leaks() {}

    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[1]);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(args[0]);
        config.setMaximumPoolSize(count);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(60_000);
        Conversation harness = new Conversation();
        try (HikariDataSource pool = new HikariDataSource(config)) {
            for (int i = 0; i < count; i++) {
                leak(pool, i);
            }
            harness.sayReady();
            if (harness.awaitLine().equals(TERMINATE)) {
                terminateLeaked();
                harness.awaitLine();
            }
            // Every slot again: what was freed can be borrowed.
            System.out.println("active=" + pool.getHikariPoolMXBean().getActiveConnections());
            harness.awaitLine();
        }
    }

    /** As a rule does it, or a script in this JVM. */
    private static void terminateLeaked() throws Exception {
        Bean bean = Bean.ofThisJvm();
        long before = System.nanoTime();
        CompositeData[] receipts = bean.terminateLeaked();
        long took = System.nanoTime() - before;
        System.out.println("freed=" + freed(receipts));
        System.out.println("took=" + took);
    }

    /** How many of them tell of a backend that is gone, and of a slot that was given back. */
    public static long freed(CompositeData[] receipts) {
        return Arrays.stream(receipts)
                .filter(receipt ->
                        "GONE".equals(receipt.get("outcome")) && Boolean.TRUE.equals(receipt.get("slotFreed")))
                .count();
    }

    private static void leak(HikariDataSource pool, int number) throws Exception {
        AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
        Thread owner = new Thread(
                () -> {
                    try {
                        var forgotten = pool.getConnection();
                        forgotten.setAutoCommit(false);
                        forgotten.createStatement().execute("select 1");
                    } catch (Exception trouble) {
                        failed.set(trouble);
                    }
                },
                "order " + number);
        owner.start();
        owner.join();
        Exception trouble = failed.get();
        if (trouble != null) {
            throw trouble;
        }
    }
}
