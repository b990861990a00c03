// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.start;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pgleash.compatibility.BuildFolder;
import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A main class run to its end in a JVM of its own, with the driver on its class path and nothing else of the tests' kit. */
final class Program {
    private final Path folder;
    private final List<String> jvmArguments = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();

    /** What it left behind. */
    record Outcome(int status, List<String> stdout, List<String> stderr) {}

    /** @param folder its working directory */
    Program(Path folder) {
        this.folder = folder;
    }

    Program agent(String options) {
        return jvmArgument("-javaagent:" + ServiceJvm.agentJar().toAbsolutePath() + "=" + options);
    }

    Program jvmArgument(String argument) {
        jvmArguments.add(argument);
        return this;
    }

    Program environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Outcome run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        String classPath = BuildFolder.resolve("test-classes")
                + File.pathSeparator
                + Drivers.jar(Drivers.ALL.get(Drivers.ALL.size() - 1));
        List<String> rest = new ArrayList<>(List.of("-cp", classPath, main.getName()));
        rest.addAll(List.of(arguments));
        return java(rest);
    }

    /** As {@code java -jar}. */
    Outcome runJar(Path jar) throws IOException, InterruptedException {
        return java(List.of("-jar", jar.toAbsolutePath().toString()));
    }

    private Outcome java(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        command.addAll(arguments);
        Path stdout = folder.resolve("stdout");
        Path stderr = folder.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(PGLEASH|OTEL)_.*|J.*_OPTIONS"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(ServiceJvm.DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("it did not end: " + command);
            }
            return new Outcome(
                    process.exitValue(), Files.readAllLines(stdout, UTF_8), Files.readAllLines(stderr, UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }
}
