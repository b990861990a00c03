// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Half of the machine's CPUs for the server, and the other half for this JVM and the programs that it starts, as if each
 * side had a machine of its own; until closed. By {@code taskset}, so on Linux alone.
 */
final class SeparateCpus implements AutoCloseable {
    private static final int MOST_ATTEMPTS = 20;

    private final long postmaster;
    private final List<Integer> all;

    private SeparateCpus(long postmaster, List<Integer> all) {
        this.postmaster = postmaster;
        this.all = all;
    }

    /** Whether it can be done here. */
    static boolean areToBeHad() {
        try {
            return ours().size() > 1;
        } catch (IOException noSuchTool) {
            return false;
        }
    }

    /** The backends that begin from then on are where the server is; those that are there stay where they were. */
    static SeparateCpus of(TestServer server) throws IOException, SQLException {
        SeparateCpus separate =
                new SeparateCpus(server.number("select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"), ours());
        move(separate.postmaster, separate.all.subList(0, separate.half()));
        move(ProcessHandle.current().pid(), separate.all.subList(separate.half(), separate.all.size()));
        return separate;
    }

    private int half() {
        return all.size() / 2;
    }

    /** Those that this JVM may use: in a container, not all that there are. */
    private static List<Integer> ours() throws IOException {
        String said = taskset("-c", "-p", Long.toString(ProcessHandle.current().pid()));
        List<Integer> cpus = new ArrayList<>();
        for (String range : said.substring(said.lastIndexOf(':') + 1).strip().split(",", -1)) {
            String[] ends = range.split("-", -1);
            IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                    .forEach(cpus::add);
        }
        return cpus;
    }

    /** Again where a thread of that process ends while its turn comes: {@code taskset} gives up then, halfway. */
    private static void move(long pid, List<Integer> cpus) throws IOException {
        String list = cpus.stream().map(String::valueOf).collect(Collectors.joining(","));
        for (int attempt = 1; ; attempt++) {
            try {
                taskset("-a", "-c", "-p", list, Long.toString(pid));
                return;
            } catch (IOException threadEnded) {
                if (attempt == MOST_ATTEMPTS) {
                    throw threadEnded;
                }
            }
        }
    }

    /** What it said. */
    private static String taskset(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("taskset"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(said);
        }
        return said;
    }

    /** As words for a title. */
    @Override
    public String toString() {
        return "server and JVM on CPUs of their own, " + half() + " of " + all.size() + " for the server";
    }

    @Override
    public void close() throws IOException {
        move(postmaster, all);
        move(ProcessHandle.current().pid(), all);
    }
}
