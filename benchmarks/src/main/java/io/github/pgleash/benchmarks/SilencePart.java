// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether anything of pgleash runs while statements succeed: how often a profiler finds it on the stack. */
final class SilencePart implements Part {
    @Override
    public List<Table> run(Field field) throws Exception {
        Path recording = Files.createTempFile("selects", ".jfr");
        field.say("silence, a profile of statements");
        try (Child child = Child.start(
                field.javaHome(),
                field.ground().pgleash(),
                field.ground().classPath(),
                List.of(
                        "io.github.pgleash.benchmarks.programs.Selects",
                        field.server().url(),
                        field.quick() ? "2" : "30",
                        recording.toString()))) {
            child.awaitLine(line -> line.startsWith("ours="));
            Table table = new Table(
                    "Statements under the Flight Recorder, JDK " + Jdk.version(field.javaHome()),
                    "statements",
                    "samples of their thread",
                    "with pgleash on the stack");
            table.row(
                    Long.toString(child.number("statements")),
                    Long.toString(child.number("samples")),
                    Long.toString(child.number("ours")));
            return List.of(table);
        } finally {
            Files.deleteIfExists(recording);
        }
    }
}
