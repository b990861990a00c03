// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.frameworks;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.service.ProgramJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The executable jar of module spring-boot-app, running. */
final class SpringShop implements AutoCloseable {
    private final ProgramJvm program;
    private int told;

    private SpringShop(ProgramJvm program) {
        this.program = program;
    }

    /** Starts it and returns when it is ready. */
    static SpringShop start(PostgresServer server, String... jvmArguments) {
        Path jar = Path.of(Objects.requireNonNull(
                        System.getProperty("spring-boot-app.jar"), "set -Dspring-boot-app.jar, as the pom does"))
                .normalize();
        if (!Files.exists(jar)) {
            throw new IllegalStateException(
                    "no " + jar + "; build it first: mvn -f compatibility/spring-boot-app/pom.xml package");
        }
        List<String> arguments = new ArrayList<>(List.of(jvmArguments));
        arguments.addAll(List.of("-jar", jar.toString()));
        SpringShop shop = new SpringShop(ProgramJvm.start(
                arguments,
                Map.of(
                        "SPRING_DATASOURCE_URL", server.url(),
                        "SPRING_DATASOURCE_USERNAME", PostgresServer.APP,
                        "SPRING_DATASOURCE_PASSWORD", PostgresServer.SECRET)));
        shop.program.awaitStdout("Started ShopApplication");
        return shop;
    }

    /** Has a command done; whoever asks for the answer waits for it. */
    Answer tell(String command) {
        int number = ++told;
        program.tell(number + " " + command);
        return () -> program.awaitStdout("^answer " + number + ": ").replaceFirst("^answer \\d+: ", "");
    }

    String ask(String command) {
        return tell(command).await();
    }

    ProgramJvm program() {
        return program;
    }

    @Override
    public void close() {
        program.close();
    }

    /** What the service will have said. */
    interface Answer {
        String await();
    }
}
