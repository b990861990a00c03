// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** A server in a container. Its processes are the container's: they can be neither signalled nor restarted from here. */
final class ContainerSource implements Source {
    private static final String SUPERUSER = "postgres";

    private final PostgreSQLContainer container;

    private ContainerSource(PostgreSQLContainer container) {
        this.container = container;
    }

    static ContainerSource start(String image, Map<String, String> settings) {
        List<String> command = new ArrayList<>(List.of("postgres"));
        settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        PostgreSQLContainer container = new PostgreSQLContainer(
                        DockerImageName.parse(image).asCompatibleSubstituteFor("postgres"))
                .withUsername(SUPERUSER)
                .withPassword("superuser")
                .withDatabaseName(SUPERUSER)
                .withCommand(command.toArray(String[]::new));
        container.start();
        return new ContainerSource(container);
    }

    @Override
    public Address address() {
        return new Address(
                container.getHost(),
                container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                container.getDatabaseName(),
                container.getUsername(),
                container.getPassword());
    }

    @Override
    public Optional<OwnProcess> ownProcess() {
        return Optional.empty();
    }

    @Override
    public void close() {
        container.stop();
    }
}
