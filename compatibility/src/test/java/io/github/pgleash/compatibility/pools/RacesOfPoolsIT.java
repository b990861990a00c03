// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.Running;
import io.github.pgleash.compatibility.service.ServiceJvm;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Owners and reclaims race for the same loans; {@code -Dpgleash.test.rounds=} for more of them. On the oldest server:
 * from 14 on the server looks only ten times a second whether the backend has ended.
 */
final class RacesOfPoolsIT {
    private static final int ROUNDS = Integer.getInteger("pgleash.test.rounds", 100);
    private static final int SIZE = 3;
    private static final Duration DEADLINE = Duration.ofSeconds(30).plusMillis(500L * ROUNDS);

    @SuppressWarnings("NullAway.Init")
    private static PostgresServer server;

    @SuppressWarnings("NullAway.Init")
    private static ServiceJvm service;

    @BeforeAll
    static void startService() {
        server = PostgresServers.start(PostgresServers.majors().get(0));
        service = ServiceJvm.plan()
                .agent("leak.after=1ms,stacks=always,idleInTransaction.after=0")
                .without("HikariCP")
                .start();
    }

    @AfterAll
    static void endService() {
        service.close();
        server.close();
    }

    @AfterEach
    void closePool() {
        service.run(stage -> stage.close("pool"));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"PG_SIMPLE_DATA_SOURCE", "DRIVER_MANAGER"})
    void a_reclaim_that_races_the_owners_close_never_hits_anybody_else(Pool pool) {
        PoolPlan plan = new PoolPlan(server, SIZE).withTimeoutMillis(10_000);
        int rounds = ROUNDS;
        service.run(stage -> {
            OpenPool open = stage.put("pool", pool.open(plan));
            // The MBean is registered with the first connection.
            open.lender().borrow().close();
        });
        service.backends().refresh();
        Running<String> race = service.start("race " + pool, stage -> {
            Race running = new Race(stage.get("pool", OpenPool.class), pool != Pool.UCP);
            String violations = running.run(rounds, SIZE).toString();
            System.out.println(pool + ": " + running.score(rounds));
            return violations;
        });
        assertThat(race.join(DEADLINE)).isEqualTo("[]");

        // Less than none: BoneCP counts a connection's end twice when two threads meet its failure at once, here the
        // late owner and the reclaim (ConnectionHandle.markPossiblyBroken). That no slot is lost, the race has shown.
        await("slots lent by the own count of " + pool)
                .atMost(ServiceJvm.DEADLINE)
                .untilAsserted(() -> assertThat(service.<Integer>call(
                                stage -> stage.get("pool", OpenPool.class).active()))
                        .isLessThanOrEqualTo(0));
        Rows.of(service).assertNoTrouble();
        System.out.println(service.stdout().get(service.stdout().size() - 1));
    }
}
