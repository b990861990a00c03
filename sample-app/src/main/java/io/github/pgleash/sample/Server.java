// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The PostgreSQL server in use: an embedded one, which ends with this, or the user's, which is left as it is. */
final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final Duration START_WAIT = Duration.ofSeconds(45);

    private final String url;
    private final @Nullable String user;
    private final @Nullable String password;
    private final Closeable process;

    private Server(String url, @Nullable String user, @Nullable String password, Closeable process) {
        this.url = url;
        this.user = user;
        this.password = password;
        this.process = process;
    }

    static Server given(String url, @Nullable String user, @Nullable String password) {
        return new Server(url, user, password, () -> {});
    }

    /** Unpacks PostgreSQL the first time, and starts it; takes 3 to 10 seconds, and says so while it does. */
    static Server embedded() throws IOException {
        LOG.info("starting PostgreSQL; the first time its binaries are unpacked");
        ScheduledExecutorService progress =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "progress"));
        AtomicInteger seconds = new AtomicInteger();
        var unused = progress.scheduleAtFixedRate(
                () -> LOG.info("still starting PostgreSQL, {} s", seconds.addAndGet(2)), 2, 2, TimeUnit.SECONDS);
        try {
            // Its own shutdown hook would stop the server under a pool that is still closing.
            EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(START_WAIT)
                    .start();
            return new Server(postgres.getJdbcUrl("postgres", "postgres"), null, null, postgres);
        } catch (IOException | RuntimeException | ExceptionInInitializerError failure) {
            throw new IOException(
                    "the embedded PostgreSQL did not start on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + " (" + failure.getMessage()
                            + "); give your own server with --url jdbc:postgresql://...",
                    failure);
        } finally {
            progress.shutdownNow();
        }
    }

    /** A connection outside of any pool; nothing on it waits for longer than ten seconds. */
    Connection connect(String applicationName) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", applicationName);
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "10");
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        return DriverManager.getConnection(url, properties);
    }

    String url() {
        return url;
    }

    @Nullable
    String user() {
        return user;
    }

    @Nullable
    String password() {
        return password;
    }

    @Override
    public void close() throws IOException {
        process.close();
    }

    /** The URL without its parameters, among which may be a password. */
    @Override
    public String toString() {
        int parameters = url.indexOf('?');
        return parameters < 0 ? url : url.substring(0, parameters);
    }
}
