// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.exit;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;

import com.zaxxer.hikari.HikariDataSource;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.service.Stage;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Scripts for services that are about to exit. */
final class Exits {
    static final String SLEEP = "SELECT pg_sleep(60)";

    private Exits() {}

    /** A thread opens a connection and runs a statement for a minute; returns the backend's pid. */
    static int sleeper(ServiceJvm service, String name, String url) {
        service.start(name, stage -> {
            try (Connection connection = stage.open(name, url, APP, SECRET)) {
                stage.put(name + " pid", String.valueOf(stage.query(name, "SELECT pg_backend_pid()")));
                stage.execute(name, SLEEP);
                return connection.isClosed();
            }
        });
        return Integer.parseInt(service.ask(stage -> await(stage, name + " pid")));
    }

    private static String await(Stage stage, String name) throws InterruptedException {
        while (true) {
            try {
                return stage.get(name, String.class);
            } catch (IllegalArgumentException notYet) {
                Thread.onSpinWait();
            }
        }
    }

    /** A hook of the application's that talks to the database for a while, and says on stdout how that went. */
    static void hookThatWorks(ServiceJvm service, String url, double seconds) {
        service.run(stage -> Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> System.out.println("hook: " + work(url, seconds)), "own hook")));
    }

    /**
     * A hook of the application's that waits for what a thread of it runs, and says on stdout how that went; its session
     * is open before the exit begins, its statement runs. Returns the backend's pid.
     */
    static int hookThatDrains(ServiceJvm service, String name, String url) {
        service.run(stage -> {
            Connection connection = stage.open(name, url, APP, SECRET);
            stage.put(name + " pid", String.valueOf(stage.query(name, "SELECT pg_backend_pid()")));
            FutureTask<String> work = new FutureTask<>(() -> sleep(connection, 60));
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                try {
                                    System.out.println("hook: " + work.get());
                                } catch (InterruptedException | ExecutionException failed) {
                                    System.out.println("hook: " + failed);
                                }
                            },
                            "own hook"));
            new Thread(work, name).start();
        });
        return Integer.parseInt(service.ask(stage -> stage.get(name + " pid", String.class)));
    }

    private static String work(String url, double seconds) {
        try (Connection connection = DriverManager.getConnection(url, APP, SECRET)) {
            return sleep(connection, seconds);
        } catch (SQLException failed) {
            return failed.toString();
        }
    }

    private static String sleep(Connection connection, double seconds) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 'done', pg_sleep(" + seconds + ")")) {
            rows.next();
            return String.valueOf(rows.getString(1));
        } catch (SQLException failed) {
            return failed.toString();
        }
    }

    /**
     * A pool is closed by a hook a moment after the exit began.
     *
     * @param url where the pool connects to
     * @param hookUrl where the hook has work to do before
     */
    static void poolThatIsClosed(ServiceJvm service, String url, String hookUrl) {
        service.run(stage -> {
            HikariDataSource pool = stage.put("pool", new HikariDataSource());
            pool.setJdbcUrl(url);
            pool.setUsername(APP);
            pool.setPassword(SECRET);
            pool.setMinimumIdle(0); // else closing it waits for those that it is opening
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                work(hookUrl, 0.5);
                pool.close();
                System.out.println("pool closed");
            }));
        });
    }

    /** A thread runs a statement for a minute on a connection of that pool; returns the backend's pid. */
    static int lentSleeper(ServiceJvm service, String name) {
        service.run(stage -> stage.borrow("pool", name));
        int pid = Integer.parseInt(service.ask(stage -> stage.query(name, "SELECT pg_backend_pid()")));
        service.start("user of " + name, stage -> {
            stage.execute(name, SLEEP);
            return null;
        });
        return pid;
    }

    /** A hook of the application's that calls {@code System.exit}, which Java does not survive. */
    static void hookThatExits(ServiceJvm service) {
        service.run(stage -> Runtime.getRuntime().addShutdownHook(new Thread(() -> System.exit(3), "exits")));
    }
}
