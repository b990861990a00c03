// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the comparison and prints its tables. */
@Command(
        name = "java -jar benchmarks.jar",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures what being on a leash costs, beside the bare JVM, an empty agent and peers. Each contender"
                        + " comes to its turn in each round, so that what else the machine does falls on all of them; read the"
                        + " differences and ratios, not the milliseconds. Progress goes to stderr, the tables to stdout.",
        footer = "For instance: java -jar benchmarks.jar start --jdk /opt/jdk-17 --jdk /opt/jdk-25 --rounds 15")
final class Benchmarks implements Callable<Integer> {
    private static final int ROOM = 200;

    private enum Parts {
        start(new StartPart(false)),
        agents(new StartPart(true)),
        borrow(new BorrowPart()),
        statements(new StatementPart()),
        silence(new SilencePart()),
        connect(new ConnectPart()),
        scale(new ScalePart()),
        reclaim(new ReclaimPart()),
        load(new LoadPart()),
        all(field -> List.of());

        @SuppressWarnings("ImmutableEnumChecker") // the parts have no state
        private final Part part;

        Parts(Part part) {
            this.part = part;
        }
    }

    @Parameters(paramLabel = "PART", arity = "1..*", description = "one or more of: ${COMPLETION-CANDIDATES}")
    private List<Parts> parts = List.of();

    @Option(
            names = "--rounds",
            defaultValue = "15",
            description = "turns of each contender (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--jdk",
            paramLabel = "HOME",
            description =
                    "a JDK to run the programs on; may be given more than once for start and agents, all other parts"
                            + " use the first (default: the one that runs this)")
    private List<Path> javaHomes = List.of(Path.of(System.getProperty("java.home")));

    @Option(
            names = "--agent",
            paramLabel = "JAR",
            description = "the pgleash.jar to measure (default: that of this build)")
    private @Nullable Path agent;

    @Option(names = "--markdown", paramLabel = "FILE", description = "also writes the tables there")
    private @Nullable Path markdown;

    @Option(names = "--quick", description = "only to see that everything runs: the figures mean nothing")
    private boolean quick;

    private Benchmarks() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Benchmarks())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Path home = home();
        Ground ground = new Ground(
                home,
                agent != null
                        ? agent.toAbsolutePath()
                        : home.resolve("../../agent/target/pgleash.jar").normalize());
        Set<Parts> chosen = EnumSet.copyOf(parts);
        if (chosen.contains(Parts.all)) {
            chosen = EnumSet.allOf(Parts.class);
        }
        boolean many = chosen.contains(Parts.scale) && !quick;
        StringBuilder tables = new StringBuilder();
        System.err.println("starting PostgreSQL");
        try (TestServer server = TestServer.start(many ? 5_000 + ROOM : 1_000 + ROOM)) {
            Field field = new Field(ground, server, javaHomes, quick ? 1 : rounds, quick);
            for (Parts each : chosen) {
                for (Table table : each.part.run(field)) {
                    System.out.println(table.markdown());
                    tables.append(table.markdown()).append('\n');
                    if (markdown != null) {
                        Files.writeString(markdown, tables, StandardCharsets.UTF_8);
                    }
                }
            }
        }
        return 0;
    }

    private static Path home() throws URISyntaxException {
        Path jar = Path.of(Benchmarks.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path folder = jar.toAbsolutePath().getParent();
        if (!Files.isRegularFile(jar) || folder == null) {
            throw new IllegalStateException("run it as java -jar benchmarks.jar");
        }
        return folder;
    }
}
