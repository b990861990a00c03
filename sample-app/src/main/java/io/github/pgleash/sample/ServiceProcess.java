// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The {@link LeakyService} as a JVM of its own, told what to do through its standard input. */
final class ServiceProcess implements AutoCloseable {
    private static final Duration QUIT_WAIT = Duration.ofSeconds(15);

    private final Process process;
    private final BufferedWriter input;
    private final Thread reader;
    private final BlockingQueue<PoolStatus> answers = new ArrayBlockingQueue<>(1);

    private ServiceProcess(Process process, Consumer<String> lines) {
        this.process = process;
        this.input = process.outputWriter();
        this.reader = new Thread(() -> read(lines), "output of " + process.pid());
    }

    /**
     * Starts it with this JVM's Java and class path.
     *
     * @param lines gets what it prints, line by line, on a thread of its own
     */
    static ServiceProcess start(
            List<String> jvmArguments, Server server, List<String> arguments, Consumer<String> lines)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(LeakyService.class.getName());
        command.add("--stop-with-stdin");
        command.add("--url");
        command.add(server.url());
        if (server.user() != null) {
            command.add("--user");
            command.add(server.user());
        }
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (server.password() != null) {
            // Any user of the machine can read the arguments of a process.
            builder.environment().put("PGPASSWORD", server.password());
        }
        ServiceProcess service = new ServiceProcess(builder.start(), lines);
        service.reader.setDaemon(true);
        service.reader.start();
        return service;
    }

    long pid() {
        return process.pid();
    }

    void tell(Instruction instruction) throws IOException {
        tell(instruction.toString());
    }

    void tell(String line) throws IOException {
        try {
            input.write(line);
            input.newLine();
            input.flush();
        } catch (IOException gone) {
            throw new IOException("the service, pid " + pid() + ", has ended; see its last words", gone);
        }
    }

    /** Asks for its counters; empty when it does not answer within {@code deadline}. */
    Optional<PoolStatus> status(Duration deadline) throws IOException, InterruptedException {
        answers.clear();
        tell(Instruction.STATUS);
        return Optional.ofNullable(answers.poll(deadline.toMillis(), TimeUnit.MILLISECONDS));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** How it ended, with everything that it printed handed over; empty when it has not within {@code deadline}. */
    OptionalInt awaitExit(Duration deadline) throws InterruptedException {
        if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
            return OptionalInt.empty();
        }
        reader.join(deadline.toMillis());
        return OptionalInt.of(process.exitValue());
    }

    /** Sends it SIGTERM; {@link Process#destroy()} would also drop its last words. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Asks it to quit, and ends it when it does not. */
    @Override
    public void close() {
        try {
            tell(Instruction.QUIT);
        } catch (IOException gone) {
            // It has ended before.
        }
        try {
            if (awaitExit(QUIT_WAIT).isPresent()) {
                return;
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    private void read(Consumer<String> lines) {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                PoolStatus.parse(line).ifPresent(answers::offer);
                lines.accept(line);
            }
        } catch (IOException | UncheckedIOException ended) {
            // Its end is seen by whoever waits for it.
        }
    }
}
