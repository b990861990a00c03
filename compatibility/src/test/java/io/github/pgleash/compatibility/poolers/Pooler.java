// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.poolers;

import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.server.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A pooler of our own on loopback, before one server, in the foreground; ended with the test, or with the test's JVM. */
final class Pooler implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final DebianPackage PGBOUNCER = new DebianPackage("pgbouncer", "pgbouncer");
    private static final DebianPackage PGPOOL = new DebianPackage("pgpool2", "pgpool");

    private final Path folder;
    private final int port;
    private final Process process;

    private Pooler(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /**
     * PgBouncer; skips the test where there is none.
     *
     * @param mode {@code transaction} or {@code session}
     * @param size how many sessions it opens on the server for a role and database
     */
    static Pooler pgBouncer(PostgresServer server, String mode, int size) {
        Path program = PGBOUNCER.require();
        Path folder = newFolder();
        int port = freePort();
        String user = DebianPackage.isRoot() ? "user = nobody" : "";
        write(folder.resolve("users"), "\"%s\" \"%s\"\n".formatted(PostgresServer.APP, PostgresServer.SECRET));
        // What pgjdbc sends at start-up, and PgBouncer does not know, every user of both has here.
        Path settings = write(folder.resolve("pgbouncer.ini"), """
                [databases]
                * = host=127.0.0.1 port=%d
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = plain
                auth_file = %s
                pool_mode = %s
                default_pool_size = %d
                ignore_startup_parameters = extra_float_digits
                %s
                """.formatted(
                        server.port(), port, folder.resolve("users"), mode, size, user));
        return start(folder, port, List.of(program.toString(), settings.toString()));
    }

    /** Pgpool-II in raw mode with one node; skips the test where there is none. */
    static Pooler pgpool(PostgresServer server) {
        Path program = PGPOOL.require();
        Path folder = newFolder();
        int port = freePort();
        write(folder.resolve("pool_passwd"), "%s:TEXT%s\n".formatted(PostgresServer.APP, PostgresServer.SECRET));
        Path settings = write(folder.resolve("pgpool.conf"), """
                backend_clustering_mode = 'raw'
                listen_addresses = '127.0.0.1'
                port = %d
                unix_socket_directories = '%s'
                pcp_listen_addresses = ''
                pcp_port = %d
                pcp_socket_dir = '%2$s'
                backend_hostname0 = '127.0.0.1'
                backend_port0 = %d
                backend_flag0 = 'ALLOW_TO_FAILOVER'
                num_init_children = 8
                max_pool = 2
                enable_pool_hba = off
                pool_passwd = 'pool_passwd'
                allow_clear_text_frontend_auth = on
                pid_file_name = '%2$s/pgpool.pid'
                logdir = '%2$s'
                work_dir = '%2$s'
                """.formatted(port, folder, freePort(), server.port()));
        return start(
                folder,
                port,
                List.of(program.toString(), "-n", "-f", settings.toString(), "-F", "/dev/null", "-a", "/dev/null"));
    }

    private static Pooler start(Path folder, int port, List<String> command) {
        try {
            Process process = new ProcessBuilder(new ArrayList<>(command))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            Pooler pooler = new Pooler(folder, port, process);
            Runtime.getRuntime().addShutdownHook(new Thread(pooler::close, "closes pooler " + port));
            await("pooler, whose log is\n" + folder.resolve("log"))
                    .atMost(DEADLINE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(pooler::accepts);
            return pooler;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private boolean accepts() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the pooler has ended; its log:\n" + log());
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /** {@code host:port}, as the driver tells it. */
    String address() {
        return "127.0.0.1:" + port;
    }

    /** JDBC URL of the shop through here, without user and password. */
    String url() {
        return "jdbc:postgresql://" + address() + "/" + PostgresServer.SHOP + "?sslmode=disable&gssEncMode=disable";
    }

    /** What it has said so far. */
    String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException none) {
            return "none: " + none;
        }
    }

    @Override
    public void close() {
        if (!Files.exists(folder)) {
            return;
        }
        end();
        await().atMost(DEADLINE).until(() -> !process.isAlive());
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("could not delete " + folder, failed);
        }
    }

    /** At once, whoever is connected, and with all that it forked: to each of the two another signal says that. */
    private void end() {
        String signal = log().contains("pgpool-II") ? "-INT" : "-TERM";
        try {
            new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException failed) {
            throw new UncheckedIOException("signals need the command kill", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** For others to read, too: as root, PgBouncer becomes somebody else. */
    private static Path newFolder() {
        try {
            Path folder = Files.createTempDirectory("pgleash-pooler");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            return folder;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
