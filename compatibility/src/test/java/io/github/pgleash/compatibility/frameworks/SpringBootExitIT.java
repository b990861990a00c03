// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.frameworks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.frameworks.SpringShop.Answer;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ProgramJvm;
import io.github.pgleash.compatibility.service.ServiceJvm;
import org.junit.jupiter.api.Test;

/** Spring finishes what was begun and closes its pool in a hook of its own: it is not cut off, and not waited for after. */
final class SpringBootExitIT {
    private static final String DRAIN = "-Dshop.drain=true";

    private final PostgresServer server = PostgresServers.shared();

    @Test
    void its_last_request_is_answered_and_its_pool_closed_by_itself() {
        try (SpringShop shop = SpringShop.start(server, ProgramJvm.agent("app=drains,shutdown.wait=5s"), DRAIN)) {
            Answer answer = shop.tell("slow");
            awaitSlow("1");
            assertThat(shop.program().terminate()).isEqualTo(143);
            assertThat(answer.await()).endsWith(" orders");
            assertThat(shop.program().stdout()).anyMatch(line -> line.contains("HikariPool-1 - Shutdown completed"));
            assertThat(shop.program().stderr()).noneMatch(line -> line.contains("by shutdown"));
        }
    }

    @Test
    void what_it_leaves_running_when_the_wait_is_over_is_cancelled() {
        try (SpringShop shop = SpringShop.start(server, ProgramJvm.agent("app=drains,shutdown.wait=200ms"), DRAIN)) {
            Answer answer = shop.tell("slow");
            awaitSlow("1");
            assertThat(shop.program().terminate()).isEqualTo(143);
            assertThat(answer.await()).contains("Exception");
            assertThat(shop.program().stderr()).anyMatch(line -> line.contains("by shutdown: CANCELLED"));
            awaitSlow("0");
        }
    }

    @Test
    void a_statement_that_would_run_for_a_minute_ends_with_it() {
        try (SpringShop shop = SpringShop.start(server, ProgramJvm.agent("app=long"))) {
            shop.tell("sleep");
            awaitSlow("1");
            assertThat(shop.program().terminate()).isEqualTo(143);
            awaitSlow("0");
            assertThat(shop.program().stderr()).anyMatch(line -> line.contains("by shutdown: "));
        }
    }

    private void awaitSlow(String count) {
        await().atMost(ServiceJvm.DEADLINE)
                .until(() -> server.look("SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                                + " AND query LIKE '%spring_orders%pg_sleep%' AND pid <> pg_backend_pid()")
                        .equals(count));
    }
}
