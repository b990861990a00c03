// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.server;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A server of our own, unpacked from a jar. Passwords are checked: initdb's {@code trust} lasts only until the superuser
 * has got one.
 */
final class EmbeddedSource implements Source, OwnProcess {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String SUPERUSER = "postgres";
    private static final String PASSWORD = "superuser";

    /** {@code md5} also takes SCRAM secrets; which of the two a role has is left to each version's default. */
    private static final String PASSWORD_FOR_ALL = """
            local all         all     md5
            host  all         all all md5
            host  replication all all md5
            """;

    private final PostgresBinaries binaries;
    private final Map<String, String> settings;
    /** Of this server alone: its data and its log. */
    private final Path folder;

    private final Path data;
    private final Postmaster postmaster;
    private EmbeddedPostgres server;
    private boolean running;

    /** @param folder with data in it, unless it is to be a new server */
    private EmbeddedSource(PostgresBinaries binaries, Map<String, String> settings, Path folder) throws IOException {
        this.binaries = binaries;
        this.settings = settings;
        this.folder = folder;
        this.data = folder.resolve("data");
        this.postmaster = new Postmaster(data);
        this.server = launch(0);
        this.running = true;
    }

    static EmbeddedSource start(int major, Map<String, String> settings) {
        PostgresBinaries binaries = PostgresBinaries.ofMajor(major);
        Path folder = newFolder();
        try {
            EmbeddedSource source = new EmbeddedSource(binaries, settings, folder);
            source.endTrust();
            return source;
        } catch (IOException | SQLException | RuntimeException failed) {
            throw new IllegalStateException("PostgreSQL " + major + " did not start; its log:\n" + log(folder), failed);
        }
    }

    @Override
    public Address address() {
        return new Address("localhost", server.getPort(), SUPERUSER, SUPERUSER, PASSWORD);
    }

    @Override
    public Optional<OwnProcess> ownProcess() {
        return Optional.of(this);
    }

    @Override
    public void stop(Shutdown how) {
        postmaster.signal(how.signal());
        await("end of the server, whose log is\n" + log(folder))
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(10))
                .until(postmaster::isGone);
        running = false;
        try {
            // Its pg_ctl finds nothing to stop; what is left to it is the lock on the data.
            server.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void start() {
        try {
            server = launch(server.getPort());
            running = true;
        } catch (IOException failed) {
            throw new UncheckedIOException("the server did not start again; its log:\n" + log(folder), failed);
        }
    }

    /** The binaries have no pg_basebackup; a copy of the data of a server that is down is as good. */
    @Override
    public PostgresServer standby() {
        Path copy = newFolder();
        stop(Shutdown.FAST);
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file, copy.resolve("data").resolve(data.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
            start();
            Files.createFile(copy.resolve("data").resolve("standby.signal"));
            Files.writeString(
                    copy.resolve("data").resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=localhost port=%d user=%s password=%s'\n"
                            .formatted(server.getPort(), SUPERUSER, PASSWORD),
                    StandardOpenOption.APPEND);
            EmbeddedSource standby = new EmbeddedSource(binaries, settings, copy);
            Runtime.getRuntime().addShutdownHook(new Thread(standby::close, "closes the standby"));
            return new PostgresServer(standby);
        } catch (IOException failed) {
            throw new UncheckedIOException("no standby; its log:\n" + log(copy), failed);
        }
    }

    @Override
    public void freeze(long backend) {
        Postmaster.signal("STOP", backend);
    }

    @Override
    public void thaw(long backend) {
        Postmaster.signal("CONT", backend);
    }

    /** Immediate: nobody needs the data any more, and a frozen backend would hold up a fast shutdown for ever. */
    @Override
    public void close() {
        if (!Files.exists(folder)) {
            return;
        }
        if (running) {
            stop(Shutdown.IMMEDIATE);
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("could not delete " + folder, failed);
        }
    }

    private EmbeddedPostgres launch(int port) throws IOException {
        ProcessBuilder.Redirect log =
                ProcessBuilder.Redirect.appendTo(logFile(folder).toFile());
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setPgBinaryResolver(binaries)
                .setOverrideWorkingDirectory(PostgresBinaries.folder().toFile())
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setLocaleConfig("locale", "C")
                .setConnectConfig("password", PASSWORD)
                .setPGStartupWait(DEADLINE)
                .setPort(port)
                .setOutputRedirector(log)
                .setErrorRedirector(log);
        settings.forEach(builder::setServerConfig);
        return builder.start();
    }

    private void endTrust() throws IOException, SQLException {
        try (Connection superuser = connect(PASSWORD);
                Statement statement = superuser.createStatement()) {
            statement.execute("ALTER ROLE " + SUPERUSER + " PASSWORD '" + PASSWORD + "'");
            Files.writeString(data.resolve("pg_hba.conf"), PASSWORD_FOR_ALL);
            statement.execute("SELECT pg_reload_conf()");
        }
        // The reload is a signal that the postmaster handles when it comes to it.
        await().atMost(DEADLINE).pollDelay(Duration.ZERO).until(this::checksPasswords);
    }

    private boolean checksPasswords() {
        try {
            connect("not " + PASSWORD).close();
            return false;
        } catch (SQLException refused) {
            return true;
        }
    }

    private Connection connect(String password) throws SQLException {
        return DriverManager.getConnection(address().url(SUPERUSER), SUPERUSER, password);
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("pgleash-postgres");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Path logFile(Path folder) {
        return folder.resolve("log");
    }

    private static String log(Path folder) {
        try {
            return Files.readString(logFile(folder));
        } catch (IOException missing) {
            return "none: " + missing;
        }
    }
}
