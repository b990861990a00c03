// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.BuildFolder;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.service.ServicePlan;
import io.github.pgleash.compatibility.track.Listing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Agents that many services have already, in front of ours and behind it. Both must have had something to do. */
final class OtherAgentsIT {
    private static final PostgresServer SERVER = PostgresServers.shared();

    @TempDir
    Path folder;

    enum Order {
        OPENTELEMETRY_THEN_PGLEASH(Other.OPENTELEMETRY, true),
        PGLEASH_THEN_OPENTELEMETRY(Other.OPENTELEMETRY, false),
        JACOCO_THEN_PGLEASH(Other.JACOCO, true),
        PGLEASH_THEN_JACOCO(Other.JACOCO, false);

        private final Other other;
        private final boolean otherFirst;

        Order(Other other, boolean otherFirst) {
            this.other = other;
            this.otherFirst = otherFirst;
        }

        ServiceJvm start(Path folder) {
            ServicePlan plan = ServiceJvm.plan();
            if (otherFirst) {
                other.joins(plan, folder);
                return plan.agent(Trial.OPTIONS).start();
            }
            other.joins(plan.agent(Trial.OPTIONS), folder);
            return plan.start();
        }
    }

    private enum Other {
        OPENTELEMETRY {
            @Override
            void joins(ServicePlan plan, Path folder) {
                plan.jvmArgument("-javaagent:" + BuildFolder.resolve("agents/opentelemetry.jar"))
                        .systemProperty("otel.traces.exporter", "console")
                        .systemProperty("otel.metrics.exporter", "none")
                        .systemProperty("otel.logs.exporter", "none")
                        .systemProperty("otel.bsp.schedule.delay", "100")
                        // Off by default: it weaves getConnection(), where we do.
                        .systemProperty("otel.instrumentation.jdbc-datasource.enabled", "true")
                        .systemProperty("otel.instrumentation.jdbc.experimental.transaction.enabled", "true");
            }
        },
        JACOCO {
            @Override
            void joins(ServicePlan plan, Path folder) {
                plan.jvmArgument(
                        "-javaagent:" + BuildFolder.resolve("agents/jacoco.jar") + "=destfile=" + coverage(folder));
            }
        };

        abstract void joins(ServicePlan plan, Path folder);

        static Path coverage(Path folder) {
            return folder.resolve("jacoco.exec");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_leak_is_found_and_both_its_ends_are_cleaned_up(Order order) throws IOException {
        String url = SERVER.url();
        try (ServiceJvm service = order.start(folder)) {
            try (HikariTill till = HikariTill.open(service, SERVER)) {
                new Trial(till, SERVER).play();
            }
            String pid = service.start("solo", stage -> {
                        stage.open("orders", url, APP, SECRET);
                        return String.valueOf(stage.query("orders", "SELECT pg_backend_pid()"));
                    })
                    .join();
            assertThat(Listing.of(service).row(pid).borrowedFrom())
                    .as("from the driver, without a pool")
                    .startsWith("io.github.pgleash.compatibility.service.Stage.open(Stage.java:");
            assertThat(service.backends().getBorrowed()).isEqualTo(1);
            service.run(stage -> stage.close("orders"));
            assertThat(service.backends().getConnections()).isZero();
            assertThat(service.stderr()).noneMatch(line -> line.startsWith("pgleash: "));
            if (order.other == Other.OPENTELEMETRY) {
                service.awaitStderr("LoggingSpanExporter - 'SELECT( shop)?' :");
            }
        }
        if (order.other == Other.JACOCO) {
            assertThat(Files.readString(Other.coverage(folder), ISO_8859_1))
                    .contains(Till.class.getName().replace('.', '/'), "org/postgresql/jdbc/PgConnection");
        }
    }
}
