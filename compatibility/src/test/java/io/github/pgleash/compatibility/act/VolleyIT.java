// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.act;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.OwnProcess;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On every server version: more backends than one statement signals, one of which does not want to end. */
final class VolleyIT {
    private static final int MANY = 130;

    @ParameterizedTest
    @MethodSource("io.github.pgleash.compatibility.server.PostgresServers#majors")
    void all_are_seen_to_be_gone_and_the_one_that_is_stopped_is_said_to_be_there(int version) {
        try (PostgresServer server = PostgresServers.plan(version)
                        .with("max_connections", Integer.toString(MANY + 20))
                        .start();
                ServiceJvm service = ServiceJvm.plan().agent("app=many").start()) {
            Onlooker onlooker = new Onlooker(server);
            OwnProcess process = server.requireOwnProcess();
            Sessions sessions = Sessions.of(service, server);
            String url = server.url();
            service.run(stage -> {
                for (int i = 0; i < MANY; i++) {
                    stage.open("session " + i, url, APP, SECRET).setAutoCommit(false);
                    stage.execute("session " + i, "SELECT 1");
                }
            });
            int bystander = sessions.idle("bystander");
            int last = Integer.parseInt(sessions.query("session " + (MANY - 1), "SELECT pg_backend_pid()"));
            onlooker.awaitAge(last, Duration.ofMillis(1_100));
            List<String> pids =
                    server.column("SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction'").stream()
                            .map(String::valueOf)
                            .toList();
            int frozen = Integer.parseInt(pids.get(MANY / 2));

            process.freeze(frozen);
            try {
                Receipt[] receipts = service.backends().terminateIdleInTransaction(1, false);

                Map<String, List<String>> byOutcome = Stream.of(receipts)
                        .collect(Collectors.groupingBy(
                                Receipt::outcome,
                                Collectors.mapping(
                                        receipt -> receipt.backend().split("@", 2)[0], Collectors.toList())));
                assertThat(receipts)
                        .allSatisfy(receipt -> assertThat(receipt.evidence())
                                .contains("idle in transaction for ", "in a transaction for ", "opened "));
                assertThat(byOutcome).containsOnlyKeys("GONE", "STILL_THERE");
                assertThat(byOutcome.get("STILL_THERE")).containsExactly(Integer.toString(frozen));
                assertThat(byOutcome.get("GONE")).hasSize(MANY - 1).isSubsetOf(pids);
                assertThat(server.column("SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction'"))
                        .containsExactly(Integer.toString(frozen));
                assertThat(onlooker.state(bystander)).isEqualTo("idle");
            } finally {
                process.thaw(frozen);
            }
            onlooker.await(frozen, Onlooker.GONE);
        }
    }
}
