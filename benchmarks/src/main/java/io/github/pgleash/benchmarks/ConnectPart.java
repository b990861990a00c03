// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long opening a connection takes, once everything is warm. */
final class ConnectPart implements Part {
    @Override
    public List<Table> run(Field field) throws Exception {
        Ground ground = field.ground();
        List<Contender> contenders = new ArrayList<>(List.of(ground.none(), ground.pgleash()));
        if (!field.quick()) {
            contenders.add(ground.openTelemetry());
        }
        Samples samples = new Samples();
        for (int round = 1; round <= field.rounds(); round++) {
            field.say("connect, round " + round + " of " + field.rounds());
            for (Contender contender : contenders) {
                samples.of(contender.name()).add(median(field, contender) / 1e6);
            }
        }
        Sample none = samples.of(Ground.NONE);
        Table table = new Table("Connect, JDK " + Jdk.version(field.javaHome()), "", "median", "times none");
        samples.forEach((name, sample) -> table.row(
                name,
                String.format(Locale.ROOT, "%.2f ms", sample.median()),
                String.format(Locale.ROOT, "%.2f", sample.median() / none.median())));
        table.note("What goes over the wire is the same but for the name, byte by byte: StartupPacketIT.");
        return List.of(table);
    }

    private static double median(Field field, Contender contender) throws Exception {
        List<String> program = List.of(
                "io.github.pgleash.benchmarks.programs.Connects", field.server().url(), field.quick() ? "10" : "300");
        try (Child child =
                Child.start(field.javaHome(), contender, field.ground().classPath(), program)) {
            child.awaitLine(line -> line.startsWith("median="));
            return child.number("median");
        }
    }
}
