// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.server.ServerPlan;
import io.github.pgleash.compatibility.service.Running;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The server has no slot left, not even for pgleash: it still tells what this JVM knows, and frees backends. */
final class NoSlotIT {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String SLEEP = "SELECT pg_sleep(300)";

    private final List<Connection> others = new ArrayList<>();

    static List<Integer> oldestAndNewest() {
        List<Integer> majors = PostgresServers.majors();
        return Stream.of(majors.get(0), majors.get(majors.size() - 1))
                .distinct()
                .toList();
    }

    @AfterEach
    void closeOthers() throws SQLException {
        for (Connection other : others) {
            other.close();
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void with_max_connections_and_the_pool_full_it_lists_cancels_and_terminates_and_service_goes_on(int major) {
        try (PostgresServer server = PostgresServers.plan(major)
                        .with("max_connections", "10")
                        .with("max_wal_senders", "0")
                        .start();
                Shop shop = shop(server, Shop.EAGER)) {
            Onlooker onlooker = new Onlooker(server);
            fill(server);
            int held = shop.held("orders");
            int lost = shop.forgotten("lost");

            assertToldWithoutTheServer(shop, held, lost, "slots|too many clients");

            Running<Fate> fate = shop.fateOf("orders", SLEEP);
            onlooker.await(held, "active");
            Receipt cancelled = shop.service().backends().cancel(Integer.toString(held));
            assertThat(cancelled.outcome()).as(cancelled.toString()).isEqualTo("CANCELLED");
            assertThat(cancelled.rung()).isEqualTo("local");
            assertThat(fate.join().sqlState()).isEqualTo("57014");
            assertThat(onlooker.state(held)).isEqualTo("idle");

            assertLeakedIsFreedLocally(shop, onlooker, lost);
            assertServiceGoesOn(shop);

            shop.fateOf("orders", SLEEP);
            onlooker.await(held, "active");
            fill(server);
            Receipt terminated = shop.service().backends().terminate(Integer.toString(held));
            assertThat(terminated.outcome()).as(terminated.toString()).isEqualTo("GONE");
            assertThat(terminated.slotFreed()).isTrue();
            assertThat(onlooker.state(held)).isEqualTo(Onlooker.GONE);
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void with_the_roles_limit_and_the_pool_full_it_frees_what_is_leaked(int major) {
        try (PostgresServer server = PostgresServers.start(major);
                Shop shop = shop(server, Shop.EAGER)) {
            server.execute("ALTER ROLE app CONNECTION LIMIT 2");
            int held = shop.held("orders");
            int lost = shop.forgotten("lost");
            assertToldWithoutTheServer(shop, held, lost, "too many connections for role");
            assertLeakedIsFreedLocally(shop, new Onlooker(server), lost);
            assertServiceGoesOn(shop);
        }
    }

    @Test
    void with_all_three_full_it_frees_what_is_leaked() {
        try (PostgresServer server = PostgresServers.plan()
                        .with("max_connections", "10")
                        .with("max_wal_senders", "0")
                        .start();
                Shop shop = shop(server, Shop.EAGER)) {
            server.execute("ALTER ROLE app CONNECTION LIMIT 2");
            fill(server);
            int held = shop.held("orders");
            int lost = shop.forgotten("lost");
            assertToldWithoutTheServer(shop, held, lost, "too many|slots");
            assertLeakedIsFreedLocally(shop, new Onlooker(server), lost);
            assertServiceGoesOn(shop);
        }
    }

    @Test
    void what_only_the_server_could_tell_is_not_acted_upon_without_it() {
        try (PostgresServer server = PostgresServers.start(18);
                Shop shop = shop(server, Shop.EAGER)) {
            int held = shop.held("orders");
            shop.begin("orders");
            shop.awaitVerdict(held, "stuck");
            int other = shop.held("other");
            server.execute("ALTER ROLE app CONNECTION LIMIT 2");
            endControls(server);
            Receipt[] receipts = shop.service().backends().terminateIdleInTransaction(1, false);
            assertThat(receipts)
                    .allSatisfy(receipt ->
                            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("REFUSED"));
            assertThat(new Onlooker(server).state(held)).isEqualTo("idle in transaction");
            Receipt idle = shop.service().backends().cancel(Integer.toString(other));
            assertThat(idle.outcome()).as(idle.toString()).isEqualTo("REFUSED");
        }
    }

    @Test
    void with_a_reserved_control_connection_everything_works_as_on_a_good_day() {
        try (PostgresServer server = PostgresServers.plan()
                        .with("max_connections", "10")
                        .with("max_wal_senders", "0")
                        .start();
                Shop shop = shop(server, Shop.EAGER + ",control.reserve=on")) {
            Onlooker onlooker = new Onlooker(server);
            await("a control connection that nobody asked for").until(() -> controls(server) == 1);
            endControls(server);
            await("another in its place").until(() -> controls(server) == 1);
            fill(server);
            int held = shop.held("orders");
            int lost = shop.forgotten("lost");
            shop.awaitVerdict(lost, "leaked");
            BackendsMXBean bean = shop.service().backends();
            assertThat(bean.getProblems()).isEmpty();
            Receipt[] receipts = bean.terminateLeaked(false);
            assertThat(receipts).singleElement().satisfies(receipt -> {
                assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("GONE");
                assertThat(receipt.rung()).isEqualTo("sql");
                assertThat(receipt.slotFreed()).isTrue();
            });
            assertThat(onlooker.state(lost)).isEqualTo(Onlooker.GONE);
            assertThat(onlooker.state(held)).isEqualTo("idle");
            assertServiceGoesOn(shop);
        }
    }

    @Test
    void a_role_that_may_use_reserved_connections_uses_them() {
        ServerPlan plan = PostgresServers.plan(18)
                .with("max_connections", "10")
                .with("max_wal_senders", "0")
                .with("reserved_connections", "2");
        try (PostgresServer server = plan.start()) {
            server.requireAtLeast(16);
            server.createRole("warden", "key", "");
            server.execute("GRANT pg_use_reserved_connections, app TO warden");
            try (Shop shop = shop(server, Shop.EAGER + ",control.user=warden,control.password=key")) {
                fill(server);
                int lost = shop.forgotten("lost");
                shop.held("orders");
                shop.awaitVerdict(lost, "leaked");
                Receipt[] receipts = shop.service().backends().terminateLeaked(false);
                assertThat(receipts).singleElement().satisfies(receipt -> {
                    assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("GONE");
                    assertThat(receipt.rung()).isEqualTo("sql");
                });
                assertServiceGoesOn(shop);
            }
        }
    }

    private static Shop shop(PostgresServer server, String options) {
        Shop shop = Shop.open(server, ServiceJvm.plan().agent(options), 2, 2, PATIENCE);
        shop.forgotten("first");
        shop.giveBack("first");
        await("a full pool").atMost(ServiceJvm.DEADLINE).until(() -> pooled(server) == 2);
        return shop;
    }

    /** Others take what is left. */
    private void fill(PostgresServer server) {
        server.createRole("others", "password", "");
        while (true) {
            try {
                others.add(DriverManager.getConnection(server.url(), "others", "password"));
            } catch (SQLException full) {
                assertThat(full.getSQLState()).isEqualTo("53300");
                return;
            }
        }
    }

    private static void assertToldWithoutTheServer(Shop shop, int held, int lost, String why) {
        BackendsMXBean bean = shop.service().backends();
        Backend leaked = shop.awaitVerdict(lost, "leaked");
        assertThat(leaked.evidence()).contains("by checkout lost #", "the server could not be asked");
        assertThat(leaked.borrowedFrom()).contains("Orders.checkout(Orders.java:");
        assertThat(leaked.notes()).contains("the server cannot be asked: ").containsPattern(why);
        String table = bean.table();
        assertThat(table)
                .contains("LEAKED", "borrowed ", "checkout lost #", "holder of orders #")
                .containsPattern(why);
        assertThat(bean.explain(Integer.toString(held)))
                .contains("owner: holder of orders #", "   borrowed by: ", "the server cannot be asked: ");
        assertThat(bean.explain(Integer.toString(lost))).contains("how sure: probable");
        assertThat(bean.getServers()).anySatisfy(line -> assertThat(line).containsPattern(why));
    }

    private static void assertLeakedIsFreedLocally(Shop shop, Onlooker onlooker, int lost) {
        Receipt[] receipts = shop.service().backends().terminateLeaked(false);
        assertThat(receipts).singleElement().satisfies(receipt -> {
            assertThat(receipt.backend()).startsWith(lost + "@");
            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("GONE");
            assertThat(receipt.rung()).as(receipt.toString()).isEqualTo("local");
            assertThat(receipt.slotFreed()).as(receipt.toString()).isTrue();
        });
        assertThat(onlooker.state(lost)).isEqualTo(Onlooker.GONE);
    }

    private static void assertServiceGoesOn(Shop shop) {
        int pid = shop.forgotten("next");
        assertThat(pid).isPositive();
        shop.execute("next", "SELECT 1");
        shop.giveBack("next");
    }

    private static int pooled(PostgresServer server) {
        return Integer.parseInt(server.look("SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'"
                + " AND application_name NOT LIKE 'pgleash%'"));
    }

    private static void endControls(PostgresServer server) {
        server.column("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'pgleash%'");
    }

    private static int controls(PostgresServer server) {
        return Integer.parseInt(
                server.look("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'pgleash%'"));
    }
}
