// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks.jmh;

import io.github.pgleash.benchmarks.programs.Bean;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** A borrow and its return, from a stack of a given depth. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH's fields
public class BorrowBenchmark {
    /** Of JMH and the benchmark itself. */
    private static final int OWN_FRAMES = 12;

    @Param("HIKARI")
    public Lending lending;

    @Param("20")
    public int depth;

    /** Empty: to nowhere. */
    @Param("")
    public String url;

    /** Whether pgleash is in this JVM, and has to show that it tracks the borrows. */
    @Param("false")
    public boolean leashed;

    private DataSource pool;

    @Setup
    public void open() throws Exception {
        pool = lending.open(url);
        try (Connection borrowed = pool.getConnection()) {
            if (borrowed.isClosed()) {
                throw new IllegalStateException("borrowed a closed connection");
            }
            if (leashed) {
                requireTracked();
            }
        }
    }

    private static void requireTracked() throws Exception {
        Object borrowed = Bean.ofThisJvm().attribute("Borrowed");
        if (!Integer.valueOf(1).equals(borrowed)) {
            throw new IllegalStateException("pgleash sees " + borrowed + " borrows, where there is one");
        }
    }

    @TearDown
    public void close() throws Exception {
        if (pool instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    @Benchmark
    public void borrow(Blackhole hole) throws SQLException {
        descend(depth - OWN_FRAMES, hole);
    }

    private void descend(int frames, Blackhole hole) throws SQLException {
        if (frames > 0) {
            descend(frames - 1, hole);
        } else {
            try (Connection borrowed = pool.getConnection()) {
                hole.consume(borrowed);
            }
        }
    }
}
