// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.pools;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.Running;
import io.github.pgleash.compatibility.service.ServiceJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Owners race the patrol for the same loans, with a rule as bold as rules can be, while others borrow, work and return;
 * {@code -Dpgleash.test.rounds=} for more of them. On the oldest server, as for those that are asked for.
 */
final class RaceByRuleIT {
    private static final int ROUNDS = Integer.getInteger("pgleash.test.rounds", 100);
    private static final int SIZE = 3;
    private static final Duration DEADLINE = Duration.ofSeconds(60).plusMillis(500L * ROUNDS);

    @Test
    void a_rule_that_races_the_owners_close_never_hits_anybody_else(@TempDir Path folder) throws Exception {
        Path rules = Files.writeString(folder.resolve("rules"), """
                rule.bold.action = terminate
                rule.bold.after = 0
                rule.bold.victims = all
                rule.bold.confidence = probable
                """);
        int rounds = ROUNDS;
        try (PostgresServer server =
                        PostgresServers.start(PostgresServers.majors().get(0));
                ServiceJvm service = ServiceJvm.plan()
                        .agent("leak.after=1ms,stacks=always,idleInTransaction.after=0,patrol.interval=5ms,"
                                + "action.max=1000000/1s,rules=" + rules)
                        .without("HikariCP")
                        .start()) {
            PoolPlan plan = new PoolPlan(server, SIZE).withTimeoutMillis(10_000);
            service.run(stage -> {
                OpenPool open = stage.put("pool", Pool.HIKARI_7.open(plan));
                open.lender().borrow().close();
            });
            service.backends().refresh();
            Running<String> race = service.start("race", stage -> {
                Race running = new Race(stage.get("pool", OpenPool.class), true, true);
                String violations = running.run(rounds, SIZE).toString();
                System.out.println("by rule: " + running.score(rounds));
                return violations;
            });
            assertThat(race.join(DEADLINE)).isEqualTo("[]");
            assertThat(service.backends().getSlotsFreed())
                    .as("slots freed by the rule")
                    .isPositive();
            assertThat(service.backends().getReceipts())
                    .allSatisfy(receipt -> assertThat(receipt.outcome()).isIn("GONE", "REFUSED", "ALREADY_GONE"));
            System.out.println(service.awaitStdout("by rule: "));
        }
    }
}
