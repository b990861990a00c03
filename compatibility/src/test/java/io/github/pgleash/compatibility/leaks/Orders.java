// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import io.github.pgleash.compatibility.service.Stage;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/** The application: code that borrows connections, returns some and forgets others. Runs in the service. */
final class Orders {
    static final String PID = "SELECT pg_backend_pid()";

    private Orders() {}

    /** Borrows a connection, and leaves it on the stage without returning it. Returns its pid. */
    static String checkout(Stage stage, String name) throws SQLException {
        stage.put(name, stage.get(Shop.POOL, DataSource.class).getConnection());
        return String.valueOf(stage.query(name, PID));
    }

    /** Borrows, and returns it when the errand ends. */
    static void hold(Stage stage, String name) throws SQLException, InterruptedException {
        Errand errand = stage.get(Shop.errand(name), Errand.class);
        try (Connection connection =
                stage.put(name, stage.get(Shop.POOL, DataSource.class).getConnection())) {
            errand.begun(pid(connection));
            errand.awaitEnd();
        }
    }

    /** Through a framework, which borrows and returns. */
    static void report(Stage stage, String name) {
        Errand errand = stage.get(Shop.errand(name), Errand.class);
        JdbcTemplate template = new JdbcTemplate(stage.get(Shop.POOL, DataSource.class));
        template.execute((ConnectionCallback<Boolean>) connection -> {
            errand.begun(pid(connection));
            try {
                errand.awaitEnd();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return true;
        });
    }

    /** Reads a large result row by row, with a pause after each. */
    static void stream(Stage stage, String name) throws SQLException, InterruptedException {
        Errand errand = stage.get(Shop.errand(name), Errand.class);
        try (Connection connection =
                        stage.put(name, stage.get(Shop.POOL, DataSource.class).getConnection());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.setFetchSize(1);
            try (ResultSet rows = statement.executeQuery("SELECT pg_backend_pid() FROM generate_series(1, 1000000)")) {
                while (rows.next() && errand.goesOn(100)) {
                    errand.begun(rows.getString(1));
                }
            }
        }
    }

    /** Uses a connection that another thread borrowed, again and again. */
    static void use(Stage stage, String name) throws SQLException, InterruptedException {
        Errand errand = stage.get(Shop.errand(name), Errand.class);
        do {
            errand.begun(pid(stage.connection(name)));
        } while (errand.goesOn(100));
    }

    /** Forgets one connection after the other, each on a thread of its own, as soon as the pool has one. */
    static void leakOnAndOn(Stage stage, String name) throws InterruptedException {
        Errand errand = stage.get(Shop.errand(name), Errand.class);
        errand.begun("0");
        while (errand.goesOn(20)) {
            Thread owner = new Thread(() -> {
                try {
                    Connection lost = stage.get(Shop.POOL, DataSource.class).getConnection();
                    pid(lost);
                } catch (SQLException empty) {
                    // The next one will try again.
                }
            });
            owner.start();
            owner.join();
        }
    }

    /** Borrows for a moment, that many times; long enough after one another to be no load, and never idle for long. */
    static void work(Stage stage, String name) throws SQLException, InterruptedException {
        Errand errand = stage.get(Shop.errand(name), Errand.class);
        int times = 0;
        do {
            try (Connection connection = stage.get(Shop.POOL, DataSource.class).getConnection()) {
                errand.begun(pid(connection));
                times++;
            }
        } while (errand.goesOn(20));
        stage.put(name + " done", times);
    }

    /** Does something that needs no connection. */
    static void otherWork(Errand errand) throws InterruptedException {
        errand.awaitEnd();
    }

    private static String pid(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(PID)) {
            row.next();
            return row.getString(1);
        }
    }
}
