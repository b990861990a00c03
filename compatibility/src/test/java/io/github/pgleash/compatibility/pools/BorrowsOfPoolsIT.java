// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Who has what, of each pool. */
final class BorrowsOfPoolsIT {
    private static final PostgresServer SERVER = PostgresServers.shared();
    private static final PoolPlan PLAN = new PoolPlan(SERVER, 2);

    @SuppressWarnings("NullAway.Init")
    private static ServiceJvm service;

    @BeforeAll
    static void startService() {
        service =
                ServiceJvm.plan().agent("leak.after=200ms").without("HikariCP").start();
    }

    @AfterAll
    static void endService() {
        service.close();
    }

    @AfterEach
    void closePool() {
        service.run(stage -> stage.close("pool"));
        Rows rows = Rows.of(service);
        await("all connections closed")
                .atMost(Duration.ofSeconds(5))
                .until(() -> rows.all().isEmpty());
        rows.assertNoTrouble();
    }

    @ParameterizedTest
    @EnumSource
    void a_borrow_shows_the_pool_the_owner_the_applications_frame_and_the_right_backend(Pool pool) {
        service.run(stage -> stage.put("pool", pool.open(PLAN)));
        Instant before = Instant.now();
        String anna = borrow("Anna");
        String boris = borrow("Boris");

        Rows rows = Rows.of(service);
        assertThat(rows.borrowed())
                .extracting(row -> Integer.toString(row.pid()))
                .containsExactlyInAnyOrder(anna, boris);
        assertThat(service.backends().getBorrowed()).isEqualTo(2);
        for (String name : List.of("Anna", "Boris")) {
            Backend row = rows.ofPid(name.equals("Anna") ? anna : boris);
            String id = service.ask(stage -> stage.get(name, Customer.class).getId());
            assertThat(row.pool()).isEqualTo(pool.shownAs());
            assertThat(row.owner()).isEqualTo(name + " #" + id);
            assertThat(row.ownerState()).startsWith("waiting").contains("Customer.shop(");
            assertThat(row.borrowedFrom()).contains(pool.borrowedFrom());
            assertThat(Instant.parse(String.valueOf(row.borrowedAt())))
                    .isBetween(before.minusSeconds(1), Instant.now());
            assertThat(SERVER.look("select usename from pg_stat_activity where pid = ?::int", row.pid()))
                    .isEqualTo(PLAN.user());
        }

        giveBack("Anna");
        assertThat(rows.borrowed())
                .extracting(row -> Integer.toString(row.pid()))
                .containsExactly(boris);
        giveBack("Boris");
        assertThat(rows.borrowed()).isEmpty();
        assertThat(service.backends().getBorrowed()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"PG_SIMPLE_DATA_SOURCE", "DRIVER_MANAGER"})
    void idle_connections_of_a_pool_are_never_borrowed_and_never_leaked(Pool pool) {
        service.run(stage -> stage.put("pool", pool.open(PLAN)));
        await("pool filled").atMost(ServiceJvm.DEADLINE).until(() -> idle() == PLAN.size());
        Rows rows = Rows.of(service);
        assertThat(rows.all()).hasSize(PLAN.size());

        assertIdleForLongerThanALeak(rows);
        borrow("Anna");
        borrow("Boris");
        giveBack("Boris");
        giveBack("Anna");
        assertIdleForLongerThanALeak(rows);
    }

    private static void assertIdleForLongerThanALeak(Rows rows) {
        await().during(Duration.ofMillis(300)).atMost(ServiceJvm.DEADLINE).untilAsserted(() -> {
            assertThat(rows.all()).extracting(Backend::owner).containsOnlyNulls();
            assertThat(rows.all()).extracting(Backend::verdict).containsOnly("healthy");
        });
        assertThat(service.backends().terminateLeaked(true)).isEmpty();
        assertThat(service.backends().getBorrowed()).isZero();
    }

    private static int idle() {
        return service.call(stage -> stage.get("pool", OpenPool.class).idle());
    }

    private static String borrow(String name) {
        return service.ask(stage ->
                stage.put(name, stage.get("pool", OpenPool.class).lendTo(name)).ask(Customer::pid));
    }

    private static void giveBack(String name) {
        service.run(stage -> stage.get(name, Customer.class).leave());
    }
}
