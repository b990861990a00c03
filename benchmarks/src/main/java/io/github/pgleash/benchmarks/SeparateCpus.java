// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/**
 * Half of the machine's CPUs for the server, and the other half for this JVM and the programs that it starts, as if each
 * side had a machine of its own; until closed. By {@code taskset}, so on Linux alone.
 */
final class SeparateCpus implements AutoCloseable {
    private static final int CPUS = Runtime.getRuntime().availableProcessors();

    private final long postmaster;

    private SeparateCpus(long postmaster) {
        this.postmaster = postmaster;
    }

    /** Whether it can be done here. */
    static boolean areToBeHad() {
        try {
            taskset("-p", Long.toString(ProcessHandle.current().pid()));
            return CPUS > 1;
        } catch (IOException noSuchTool) {
            return false;
        }
    }

    /** The backends that begin from then on are where the server is; those that are there stay where they were. */
    static SeparateCpus of(TestServer server) throws IOException, SQLException {
        SeparateCpus separate =
                new SeparateCpus(server.number("select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"));
        move(separate.postmaster, 0, CPUS / 2 - 1);
        move(ProcessHandle.current().pid(), CPUS / 2, CPUS - 1);
        return separate;
    }

    private static void move(long pid, int first, int last) throws IOException {
        taskset("-a", "-c", "-p", first + "-" + last, Long.toString(pid));
    }

    private static void taskset(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = "taskset";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(said);
        }
    }

    /** As words for a title. */
    @Override
    public String toString() {
        return "server and JVM each have " + CPUS / 2 + " of " + CPUS + " CPUs";
    }

    @Override
    public void close() throws IOException {
        move(postmaster, 0, CPUS - 1);
        move(ProcessHandle.current().pid(), 0, CPUS - 1);
    }
}
