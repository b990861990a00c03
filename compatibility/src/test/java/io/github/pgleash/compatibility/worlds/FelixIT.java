// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bundles see what they import, and not the agent: the far door. But as it comes, Felix finds classes of the class path
 * for whoever asks a bundle's loader from outside, as the agent does. The JVM then remembers the answer for the bundle
 * too, so that the near door works.
 */
final class FelixIT {
    private static final PostgresServer SERVER = PostgresServers.shared();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_leak_is_found_and_both_its_ends_are_cleaned_up(boolean guessesForOutsiders) {
        try (ServiceJvm service = ServiceJvm.plan()
                .without("postgresql-")
                .without("HikariCP")
                .with(jar(FrameworkFactory.class))
                .agent(Trial.OPTIONS)
                .start()) {
            FelixTill till = FelixTill.start(
                    service,
                    SERVER,
                    folder,
                    Drivers.jar(Drivers.ALL.get(Drivers.ALL.size() - 1)),
                    jar(HikariDataSource.class),
                    guessesForOutsiders);
            new Trial(till, SERVER).play();
            assertThat(service.ask(FelixTill::driverSeesDoor)).isEqualTo(String.valueOf(guessesForOutsiders));
            assertThat(service.stderr()).noneMatch(line -> line.startsWith("pgleash: "));
        }
    }

    private static Path jar(Class<?> within) {
        try {
            return Path.of(
                    within.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
