// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.quarkus;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Does on the main thread what it reads from stdin, {@code 7 count} or {@code 8 forget}, and says {@code answer 7: pid};
 * {@code enlist} begins a distributed transaction, {@code commit} ends it.
 */
@QuarkusMain
public final class TillApplication implements QuarkusApplication {
    private final DataSource pool;
    private final DataSource xaPool;
    private final UserTransaction transaction;

    @Inject
    TillApplication(
            DataSource pool, @io.quarkus.agroal.DataSource("xa") AgroalDataSource xaPool, UserTransaction transaction) {
        this.pool = pool;
        this.xaPool = xaPool;
        this.transaction = transaction;
    }

    @Override
    public int run(String... arguments) throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] command = line.split(" ", 2);
            System.out.println("answer " + command[0] + ": " + answer(command[1]));
        }
        return 0;
    }

    private String answer(String command) {
        try {
            return switch (command) {
                case "count" -> String.valueOf(count());
                case "forget" -> String.valueOf(forget());
                case "enlist" -> String.valueOf(enlist());
                case "commit" -> commit();
                default -> "no such command";
            };
        } catch (Exception failed) {
            return failed.toString();
        }
    }

    private int enlist() throws NotSupportedException, SystemException, SQLException {
        transaction.begin();
        Connection enlisted = xaPool.getConnection();
        return pid(enlisted);
    }

    private String commit() throws Exception {
        transaction.commit();
        return "committed";
    }

    private int count() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return pid(connection);
        }
    }

    private int forget() throws SQLException {
        Connection forgotten = pool.getConnection();
        forgotten.setAutoCommit(false);
        return pid(forgotten);
    }

    private static int pid(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }
}
