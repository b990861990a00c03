// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.track.Listing;
import io.github.pgleash.jmx.Backend;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What lasts for long and yet is no leak: all of it at once, watched for longer than a leak takes to be seen. */
final class HealthyIT {
    private static final Map<Integer, Set<String>> VERDICTS = new HashMap<>();
    private static final Set<Integer> IDLE = new HashSet<>();

    private static int slow;
    private static int streaming;
    private static int listening;
    private static int locking;
    private static int handedOn;
    private static int waiting;
    private static int leaked;
    private static Backend lockingRow;
    private static Backend listeningRow;

    @BeforeAll
    static void watch() {
        try (Shop shop = Shop.open("app=shop,leak.after=2s,idleInTransaction.after=2s,patrol.interval=200ms")) {
            slow = shop.held("slow");
            shop.fateOf("slow", "SELECT pg_sleep(300)");
            streaming = shop.streaming("streaming");
            listening = shop.forgotten("listening");
            shop.execute("listening", "LISTEN orders");
            locking = shop.forgotten("locking");
            shop.execute("locking", "SELECT pg_advisory_lock(4712)");
            handedOn = shop.handedOn("handed on");
            waiting = shop.held("waiting");
            leaked = shop.forgotten("leaked");
            for (String name : List.of("first", "second", "third")) {
                IDLE.add(shop.forgotten(name));
            }
            for (String name : List.of("first", "second", "third")) {
                shop.giveBack(name);
            }
            shop.awaitVerdict(leaked, "leaked");
            await().during(Duration.ofSeconds(3)).atMost(ServiceJvm.DEADLINE).until(() -> {
                for (Backend row : Listing.of(shop.service()).backends()) {
                    VERDICTS.computeIfAbsent(row.pid(), pid -> new HashSet<>()).add(row.verdict());
                }
                return true;
            });
            lockingRow = shop.row(locking);
            listeningRow = shop.row(listening);
            assertThat(shop.service().backends().terminateLeaked(true))
                    .extracting(receipt -> receipt.backend().replaceAll("@.*", ""))
                    .containsExactly(Integer.toString(leaked));
        }
    }

    @AfterAll
    static void forget() {
        VERDICTS.clear();
        IDLE.clear();
    }

    @Test
    void a_leak_beside_them_is_seen() {
        assertThat(VERDICTS.get(leaked)).containsExactly("leaked");
    }

    @Test
    void a_slow_query_whose_owner_waits() {
        assertHealthy(slow);
    }

    @Test
    void a_large_result_that_is_streamed_with_pauses() {
        assertHealthy(streaming);
    }

    @Test
    void a_session_that_listens() {
        assertHealthy(listening);
        assertThat(listeningRow.notes()).contains("it listens for notifications");
    }

    @Test
    void a_session_that_holds_an_advisory_lock() {
        assertHealthy(locking);
        assertThat(lockingRow.notes()).contains("it holds an advisory lock");
    }

    @Test
    void the_idle_connections_of_a_pool() {
        assertThat(IDLE).hasSize(3).allSatisfy(HealthyIT::assertHealthy);
    }

    @Test
    void a_connection_that_another_thread_uses_after_the_owner_ended() {
        assertHealthy(handedOn);
    }

    @Test
    void a_quiet_session_whose_owner_is_still_where_it_borrowed() {
        assertHealthy(waiting);
    }

    private static void assertHealthy(int pid) {
        assertThat(Objects.requireNonNull(VERDICTS.get(pid))).containsExactly("healthy");
    }
}
