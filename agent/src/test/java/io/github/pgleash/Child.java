// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, run to its end: what it wrote, and how it ended. */
record Child(int exit, String out, String err) {
    static final String AGENT = System.getProperty("pgleash.jar", "target/pgleash.jar");

    private static final long PATIENCE_SECONDS = 60;

    /** @param arguments what follows {@code java} */
    static Child run(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        File out = folder.resolve("out.txt").toFile();
        File err = folder.resolve("err.txt").toFile();
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err);
        // It would announce itself on stderr, where the tests look for our lines.
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(
                        "the child has not ended after " + PATIENCE_SECONDS + " s: " + Files.readString(err.toPath()));
            }
            return new Child(process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
        } finally {
            process.destroyForcibly();
        }
    }

    /** The class path of the test classes, where the application's main classes are. */
    static String testClasses() throws IOException {
        try {
            return Path.of(Child.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (java.net.URISyntaxException impossible) {
            throw new IOException(impossible);
        }
    }
}
