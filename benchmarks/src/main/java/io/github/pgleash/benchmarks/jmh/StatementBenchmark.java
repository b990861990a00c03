// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks.jmh;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ThreadLocalRandom;
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

/** Statements on one borrowed connection to a real server: a select by key, prepared, and a batch in one flight. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH's fields
public class StatementBenchmark {
    private static final int ACCOUNTS = 1_000;
    private static final int BATCH = 50;

    @Param("HIKARI")
    public Lending lending;

    @Param("")
    public String url;

    private DataSource pool;
    private Connection connection;
    private PreparedStatement select;
    private PreparedStatement update;

    @Setup
    public void open() throws SQLException {
        pool = lending.open(url);
        connection = pool.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("create temporary table account (id int primary key, balance int)");
            statement.execute("insert into account select n, 0 from generate_series(1, " + ACCOUNTS + ") n");
        }
        select = connection.prepareStatement("select balance from account where id = ?");
        update = connection.prepareStatement("update account set balance = balance + 1 where id = ?");
    }

    @TearDown
    public void close() throws Exception {
        connection.close();
        if (pool instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    /** As pgbench sends it: text with the number in it, in a statement of its own. */
    @Benchmark
    public int select() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select balance from account where id = " + account())) {
            row.next();
            return row.getInt(1);
        }
    }

    @Benchmark
    public int prepared() throws SQLException {
        select.setInt(1, account());
        try (ResultSet row = select.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    @Benchmark
    public int[] batch() throws SQLException {
        for (int i = 0; i < BATCH; i++) {
            update.setInt(1, account());
            update.addBatch();
        }
        return update.executeBatch();
    }

    private static int account() {
        return 1 + ThreadLocalRandom.current().nextInt(ACCOUNTS);
    }
}
