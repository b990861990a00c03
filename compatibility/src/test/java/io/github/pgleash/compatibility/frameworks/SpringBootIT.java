// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.frameworks.SpringShop.Answer;
import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ProgramJvm;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An executable jar with JdbcTemplate, transactions and HikariCP behind Spring Boot's own class loader. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // Which does not know the methods that run before all tests.
final class SpringBootIT {
    private static final String CODE = "io.github.pgleash.compatibility.springboot.";

    private final PostgresServer server = PostgresServers.shared();
    private final Onlooker onlooker = new Onlooker(server);
    private SpringShop shop;

    @BeforeAll
    void start() {
        shop = SpringShop.start(server, ProgramJvm.agent("leak.after=1s,patrol.interval=1s"));
    }

    @AfterAll
    void close() {
        shop.close();
    }

    @Test
    void the_tag_has_the_name_that_the_application_gives_itself_in_its_properties() {
        assertThat(bean().getApplication()).isEqualTo("shop-service");
        assertThat(server.column(
                        "SELECT DISTINCT application_name FROM pg_stat_activity WHERE application_name LIKE 'shop-s%'"))
                .containsExactly(bean().getTag());
        assertThat(bean().getTag())
                .startsWith("shop-service@")
                .endsWith(":" + shop.program().pid());
    }

    @Test
    void a_borrow_by_jdbc_template_shows_the_repository_that_called_it() throws SQLException {
        Backend backend = borrowedWhileOrdersAreLocked("count");
        assertThat(backend.borrowedFrom())
                .startsWith(CODE + "OrderRepository.count(OrderRepository.java:")
                .endsWith(")");
        assertThat(backend.pool()).isEqualTo("HikariPool-1");
        assertThat(backend.owner()).startsWith("task-");
    }

    @Test
    void a_transaction_is_one_borrow_and_shows_the_service_that_asked_for_it() throws SQLException {
        Backend backend = borrowedWhileOrdersAreLocked("pay");
        assertThat(backend.borrowedFrom()).startsWith(CODE + "CheckoutService.pay(");
        assertThat(backend.ownerState()).contains(CODE + "OrderRepository.add(OrderRepository.java:");
        assertThat(backend.state()).isEqualTo("active");
    }

    @Test
    void forgotten_connections_are_found_and_ended_and_the_pool_gets_its_slots_back() {
        assertThat(shop.ask("export")).isEqualTo("exported");
        assertThat(shop.ask("export")).isEqualTo("exported");
        assertThat(shop.ask("count")).as("nothing left").contains("CannotGetJdbcConnectionException");
        assertThat(shop.ask("pool")).isEqualTo("2 active of 2");

        Awaitility.await().atMost(ServiceJvm.DEADLINE).until(() -> bean().getLeaked() == 2);
        assertThat(bean().getBackends())
                .filteredOn(backend -> backend.verdict().equals("leaked"))
                .hasSize(2)
                .allSatisfy(backend -> assertThat(backend.borrowedFrom())
                        .startsWith(CODE + "ReportService.export(ReportService.java:"));
        Receipt[] receipts = bean().terminateLeaked(false);
        assertThat(receipts).hasSize(2).allSatisfy(receipt -> {
            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("GONE");
            assertThat(receipt.slotFreed()).as(receipt.toString()).isTrue();
            assertThat(onlooker.sees(receipt.backend())).isFalse();
        });
        assertThat(shop.ask("pool")).startsWith("0 active");
        assertThat(shop.ask("count")).endsWith(" orders");
        assertThat(shop.ask("pay")).endsWith(" orders");
        assertThat(bean().getProblems()).isEmpty();
    }

    /** The one borrow that there is while a command waits for a lock that the test holds. */
    private Backend borrowedWhileOrdersAreLocked(String command) throws SQLException {
        Answer answer;
        Backend backend;
        try (Connection other = server.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE spring_orders");
            answer = shop.tell(command);
            Awaitility.await().atMost(ServiceJvm.DEADLINE).until(() -> {
                bean().refresh();
                return bean().getWaitingForLock() == 1;
            });
            List<Backend> borrowed = Arrays.stream(bean().getBackends())
                    .filter(row -> row.owner() != null)
                    .toList();
            assertThat(borrowed).hasSize(1);
            assertThat(bean().getBorrowed()).isEqualTo(1);
            backend = borrowed.get(0);
            other.rollback();
        }
        assertThat(answer.await()).endsWith(" orders");
        assertThat(bean().getBorrowed()).isZero();
        return backend;
    }

    private BackendsMXBean bean() {
        return shop.program().backends();
    }
}
