// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A program in a JVM of its own; what it tells are lines of {@code name=number}. Ended when it is closed. */
final class Child implements AutoCloseable {
    private static final int LAST_WORDS = 2_000;

    private final Process process;
    private final Path errors;
    private final long beganNanos = System.nanoTime();
    private final BufferedReader out;
    private final Writer in;
    private final Map<String, Long> numbers = new HashMap<>();
    private final List<String> said = new ArrayList<>();

    private Child(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.in = process.outputWriter(StandardCharsets.UTF_8);
    }

    static Child start(Path javaHome, Contender contender, String classPath, List<String> program) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin").resolve("java").toString());
        command.addAll(contender.jvmArguments());
        command.addAll(List.of("-cp", classPath));
        command.addAll(program);
        ProcessBuilder builder = new ProcessBuilder(command);
        Path errors = Files.createTempFile("child", ".err");
        builder.redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PGLEASH_") || name.startsWith("OTEL_"));
        return new Child(builder.start(), errors);
    }

    long pid() {
        return process.pid();
    }

    /** Reads until a line fits; how long after the start that was. */
    long awaitLine(Predicate<String> condition) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.add(line);
            int equals = line.indexOf('=');
            if (equals > 0 && line.substring(equals + 1).chars().allMatch(Character::isDigit)) {
                numbers.put(line.substring(0, equals), Long.valueOf(line.substring(equals + 1)));
            }
            if (condition.test(line)) {
                return System.nanoTime() - beganNanos;
            }
        }
        throw new IOException("a program ended too early; it said " + said + " and " + lastWords());
    }

    private String lastWords() throws IOException {
        String all = Files.readString(errors);
        return all.substring(Math.max(0, all.length() - LAST_WORDS));
    }

    void awaitReady() throws IOException {
        awaitLine("ready"::equals);
    }

    void goOn() throws IOException {
        say("go");
    }

    void say(String line) throws IOException {
        in.write(line + "\n");
        in.flush();
    }

    long number(String name) throws IOException {
        Long number = numbers.get(name);
        if (number == null) {
            throw new IOException("a program told no " + name + "; it said " + said);
        }
        return number;
    }

    /** Reads the rest, and waits for the end; how long after the start that was. */
    long awaitExit() throws IOException, InterruptedException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.add(line);
        }
        int status = process.waitFor();
        long nanos = System.nanoTime() - beganNanos;
        if (status != 0) {
            throw new IOException("a program ended with " + status + ": " + lastWords());
        }
        return nanos;
    }

    @Override
    public void close() throws IOException {
        try {
            in.close();
        } catch (IOException gone) {
            // then so is what it would have read
        }
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(errors);
    }
}
