// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * How much longer a program takes: hello world, one with a first connection, and the sample service until it is ready.
 * Milliseconds are told from noise by more rounds; beside agents that take seconds there are fewer, and every contender
 * finds the caches cold.
 */
final class StartPart implements Part {
    /** Without the other agents a round is short. */
    private static final int TIMES_THE_ROUNDS = 3;

    private static final String PROGRAMS = "io.github.pgleash.benchmarks.programs.";
    private static final String SERVICE = "io.github.pgleash.sample.LeakyService";

    private final boolean besideAgents;

    StartPart(boolean besideAgents) {
        this.besideAgents = besideAgents;
    }

    /** One program to be started. */
    private interface Run {
        /** Nanoseconds from the start to the end, or to where it is ready. */
        long nanos(Contender contender) throws IOException, InterruptedException;
    }

    @Override
    public List<Table> run(Field field) throws Exception {
        List<Table> tables = new ArrayList<>();
        Ground ground = field.ground();
        List<Contender> contenders = new ArrayList<>(
                List.of(ground.none(), ground.empty(), ground.pgleash(), ground.pgleash("app=shop,leak.after=30s")));
        if (besideAgents && !field.quick()) {
            contenders.addAll(List.of(ground.openTelemetry(), ground.elastic()));
        }
        String start = besideAgents ? "Start beside other agents, " : "Start, ";
        for (Path javaHome : field.javaHomes()) {
            String jdk = "JDK " + Jdk.version(javaHome);
            tables.add(compare(
                    field,
                    contenders,
                    start + "hello world, " + jdk,
                    contender ->
                            toEnd(javaHome, contender, ground.smallClassPath(false), List.of(PROGRAMS + "Hello"))));
            tables.add(compare(
                    field,
                    contenders,
                    start + "first connection, " + jdk,
                    contender -> toEnd(
                            javaHome,
                            contender,
                            ground.smallClassPath(true),
                            List.of(PROGRAMS + "FirstConnection", field.server().url()))));
            tables.add(compare(
                    field,
                    contenders,
                    start + "sample service until ready, " + jdk,
                    contender -> toReady(
                            javaHome,
                            contender,
                            ground.classPath(),
                            List.of(
                                    "-Dorg.slf4j.simpleLogger.logFile=System.out",
                                    SERVICE,
                                    "--url",
                                    field.server().url(),
                                    "--stop-with-stdin"))));
        }
        return tables;
    }

    private Table compare(Field field, List<Contender> contenders, String title, Run run) throws Exception {
        Samples samples = new Samples();
        contenders.forEach(contender -> samples.of(contender.name()));
        int rounds = besideAgents || field.quick() ? field.rounds() : TIMES_THE_ROUNDS * field.rounds();
        for (int round = 0; round <= rounds; round++) {
            field.say(title + ", round " + round + " of " + rounds);
            for (Contender contender : shuffled(contenders, round)) {
                double millis = run.nanos(contender) / 1e6;
                if (round > 0) { // the first is to have everything in the page cache
                    samples.of(contender.name()).add(millis);
                }
            }
        }
        Table table = new Table(
                title,
                "",
                "median",
                "least",
                "median of the differences to the empty agent",
                "least above it",
                "times none");
        Sample none = samples.of(Ground.NONE);
        Sample empty = samples.of(Ground.EMPTY);
        samples.forEach((name, sample) -> table.row(
                name,
                ms(sample.median()),
                ms(sample.least()),
                String.format(Locale.ROOT, "%+.1f ms", sample.medianAbove(empty)),
                String.format(Locale.ROOT, "%+.1f ms", sample.least() - empty.least()),
                String.format(Locale.ROOT, "%.2f", sample.median() / none.median())));
        return table;
    }

    /** Whoever comes after one that fills the caches with its own things would be the slower for it. */
    private static List<Contender> shuffled(List<Contender> contenders, int round) {
        List<Contender> order = new ArrayList<>(contenders);
        Collections.shuffle(order, new Random(round));
        return order;
    }

    private static String ms(double millis) {
        return String.format(Locale.ROOT, "%.1f ms", millis);
    }

    private static long toEnd(Path javaHome, Contender contender, String classPath, List<String> program)
            throws IOException, InterruptedException {
        try (Child child = Child.start(javaHome, contender, classPath, program)) {
            return child.awaitExit();
        }
    }

    private static long toReady(Path javaHome, Contender contender, String classPath, List<String> program)
            throws IOException {
        try (Child child = Child.start(javaHome, contender, classPath, program)) {
            return child.awaitLine(line -> line.contains("takes orders on"));
        }
    }
}
