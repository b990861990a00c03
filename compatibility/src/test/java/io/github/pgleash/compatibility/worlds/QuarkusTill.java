// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.service.ProgramJvm;
import io.github.pgleash.jmx.BackendsMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.opentest4j.TestAbortedException;

/** The fast-jar of module quarkus-app, running: Agroal behind Quarkus's own class loader. */
final class QuarkusTill implements World, AutoCloseable {
    private final ProgramJvm program;
    private int told;

    private QuarkusTill(ProgramJvm program) {
        this.program = program;
    }

    /** @param folder for the files of its transaction manager */
    static QuarkusTill start(PostgresServer server, Path folder, String agent) {
        Path jar = Path.of(
                        Objects.requireNonNull(System.getProperty("quarkus-app"), "set -Dquarkus-app, as the pom does"))
                .normalize()
                .resolve("quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new TestAbortedException("no " + jar + "; build with -Dpgleash.test.whole=true to have it");
        }
        return new QuarkusTill(ProgramJvm.start(
                List.of(agent, "-jar", jar.toString()),
                Map.of(
                        "QUARKUS_TRANSACTION_MANAGER_OBJECT_STORE_DIRECTORY", folder.toString(),
                        "QUARKUS_DATASOURCE_JDBC_URL", server.url(),
                        "QUARKUS_DATASOURCE_USERNAME", PostgresServer.APP,
                        "QUARKUS_DATASOURCE_PASSWORD", PostgresServer.SECRET,
                        "QUARKUS_DATASOURCE_XA_JDBC_URL", server.url(),
                        "QUARKUS_DATASOURCE_XA_USERNAME", PostgresServer.APP,
                        "QUARKUS_DATASOURCE_XA_PASSWORD", PostgresServer.SECRET)));
    }

    private String ask(String command) {
        int number = ++told;
        program.tell(number + " " + command);
        return program.awaitStdout("^answer " + number + ": ").replaceFirst("^answer \\d+: ", "");
    }

    /** Begins a distributed transaction, and borrows for it. Returns the backend's pid. */
    int enlist() {
        return Integer.parseInt(ask("enlist"));
    }

    /** Ends the transaction; what the transaction manager says. */
    String commit() {
        return ask("commit");
    }

    @Override
    public int forget() {
        return Integer.parseInt(ask("forget"));
    }

    @Override
    public int count() {
        return Integer.parseInt(ask("count"));
    }

    @Override
    public String frame() {
        return "io.github.pgleash.compatibility.quarkus.TillApplication.forget(TillApplication.java:";
    }

    @Override
    public String owner() {
        return "main #";
    }

    @Override
    public BackendsMXBean backends() {
        return program.backends();
    }

    ProgramJvm program() {
        return program;
    }

    @Override
    public void close() {
        program.close();
    }
}
