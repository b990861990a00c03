// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.threads;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/** A service that gives each request a virtual thread, and has a small pool. Runs on Java 21 or newer. */
final class VirtualShop implements AutoCloseable {
    private final AtomicReference<@Nullable Throwable> trouble = new AtomicReference<>();
    private final AtomicInteger served = new AtomicInteger();
    private final HikariDataSource pool;
    private @Nullable Recording recording;

    /** The pool, and with it the first connection of the JVM, is opened on a virtual thread. */
    VirtualShop(String url, String role, String password, int connections) throws Exception {
        AtomicReference<@Nullable HikariDataSource> opened = new AtomicReference<>();
        start(() -> {
                    HikariConfig config = new HikariConfig();
                    config.setPoolName("virtual");
                    config.setJdbcUrl(url);
                    config.setUsername(role);
                    config.setPassword(password);
                    config.setMaximumPoolSize(connections);
                    config.setConnectionTimeout(Duration.ofMinutes(1).toMillis());
                    opened.set(new HikariDataSource(config));
                })
                .join();
        HikariDataSource there = opened.get();
        if (there == null) {
            throw new IllegalStateException("the pool did not open", trouble.get());
        }
        pool = there;
    }

    /**
     * Serves that many requests, all at once.
     *
     * @param leakEach each how many-th does not return its connection; 0 for none
     * @return how many were served
     */
    int serve(int requests, int leakEach) throws Exception {
        served.set(0);
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i <= requests; i++) {
            boolean leaks = leakEach > 0 && i % leakEach == 0;
            threads.add(start(() -> request(leaks)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Throwable failed = trouble.get();
        if (failed != null) {
            throw new IllegalStateException("a request failed", failed);
        }
        return served.get();
    }

    private void request(boolean leaks) throws SQLException {
        Connection connection = pool.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
            served.incrementAndGet();
        } finally {
            if (!leaks) {
                connection.close();
            }
        }
    }

    /** What a request does. */
    private interface Work {
        void run() throws SQLException;
    }

    private Thread start(Work work) throws ReflectiveOperationException {
        Runnable guarded = () -> {
            try {
                work.run();
            } catch (SQLException | RuntimeException | Error failed) {
                trouble.compareAndSet(null, failed);
            }
        };
        try {
            return (Thread)
                    Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, guarded);
        } catch (InvocationTargetException failed) {
            throw new IllegalStateException(failed.getCause());
        }
    }

    /** From now on, each virtual thread that is pinned to its carrier is noted. */
    void record() {
        Recording fresh = new Recording();
        fresh.enable("jdk.VirtualThreadPinned").withoutThreshold().withStackTrace();
        fresh.start();
        recording = fresh;
    }

    /** Pins a virtual thread, to show that it would be noted: it waits in the midst of loading a class. */
    void pin() throws Exception {
        start(Pins::touch).join();
    }

    void dump(Path file) throws Exception {
        Recording running = recording;
        if (running != null) {
            running.dump(file);
            running.close();
        }
    }

    /** What is left of the heap after several collections. */
    static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    @Override
    public void close() {
        pool.close();
    }

    private static final class Pins {
        static {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }

        static void touch() {}
    }
}
