// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The service as a JVM of its own, without the agent; what it does is seen from another connection. */
final class LeakyServiceTest {
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private static Cleanup cleanup;
    private static Server server;
    private static Witness witness;

    private final List<String> output = new CopyOnWriteArrayList<>();
    private ServiceProcess service;

    @BeforeAll
    static void startServer() throws Exception {
        cleanup = Cleanup.alsoAtExit();
        server = cleanup.add(Server.embedded());
        witness = cleanup.add(Witness.of(server));
    }

    @AfterAll
    static void stopServer() {
        cleanup.close();
    }

    @BeforeEach
    void start() throws Exception {
        service = ServiceProcess.start(List.of(), server, List.of(), output::add);
        status();
    }

    @AfterEach
    void stop() throws SQLException {
        service.close();
        endWhatOutlivedIt();
        await().atMost(DEADLINE).until(() -> witness.sessions().isEmpty());
    }

    @Test
    void takes_orders_and_returns_every_connection() throws Exception {
        long orders = status().orders();

        await().atMost(DEADLINE).until(() -> status().orders() > orders + 2);
        await().atMost(DEADLINE).until(() -> status().borrowed() == 0);
    }

    @Test
    void idle_sits_in_a_transaction_holding_the_row_lock_and_block_waits_for_it() throws Exception {
        assertThat(witness.canUpdate(CheckoutFlow.FIRST_ARTICLE)).isTrue();

        service.tell(Instruction.IDLE);
        awaitSessions(1, "idle in transaction", "Client");
        assertThat(witness.canUpdate(CheckoutFlow.FIRST_ARTICLE)).isFalse();

        service.tell(Instruction.BLOCK);
        awaitSessions(1, "active", "Lock");
        awaitSessions(1, "idle in transaction", "Client");
    }

    @Test
    void block_says_that_there_is_nobody_to_wait_for() throws Exception {
        service.tell(Instruction.BLOCK);

        awaitOutput("say 'idle' first");
    }

    @Test
    void query_is_active_for_long() throws Exception {
        service.tell(Instruction.QUERY);

        awaitSessions(1, "active", "Timeout");
    }

    /** What it is like without the agent: the server does not notice that the client of a running query is gone. */
    @Test
    void the_query_outlives_the_service() throws Exception {
        service.tell(Instruction.QUERY);
        awaitSessions(1, "active", "Timeout");

        service.close();

        await().atMost(DEADLINE).until(() -> witness.sessions().size() == 1);
        awaitSessions(1, "active", "Timeout");
    }

    @Test
    void leak_stays_borrowed_while_its_backend_is_idle() throws Exception {
        service.tell(Instruction.LEAK);

        awaitOutput("ends without closing its connection");
        await().atMost(DEADLINE).until(() -> status().borrowed() == 1);
        awaitSessions(0, "idle in transaction", "Client");
    }

    @Test
    void goes_on_after_an_instruction_that_it_does_not_know() throws Exception {
        service.tell("frobnicate");

        awaitOutput("'frobnicate' is not an instruction");
        assertThat(service.isAlive()).isTrue();
    }

    @Test
    void quits_with_everything_open() throws Exception {
        service.tell(Instruction.LEAK);
        service.tell(Instruction.IDLE);
        service.tell(Instruction.BLOCK);
        service.tell(Instruction.QUERY);
        awaitSessions(1, "active", "Timeout");

        service.tell(Instruction.QUIT);

        assertThat(service.awaitExit(DEADLINE)).isEqualTo(OptionalInt.of(0));
        assertThat(output).last().asString().contains("stopped after");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no SIGTERM")
    void stops_in_order_on_sigterm() throws Exception {
        service.tell(Instruction.IDLE);
        awaitSessions(1, "idle in transaction", "Client");

        service.terminate();

        assertThat(service.awaitExit(DEADLINE)).isEqualTo(OptionalInt.of(143));
        assertThat(output).last().asString().contains("stopped after");
    }

    private static void endWhatOutlivedIt() throws SQLException {
        try (Connection connection = server.connect("end of the test");
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where datname = current_database() and backend_type = 'client backend'
                      and application_name not in ('witness', 'end of the test')""");
        }
    }

    private PoolStatus status() throws Exception {
        return service.status(DEADLINE).orElseThrow();
    }

    private void awaitOutput(String part) {
        await().atMost(DEADLINE)
                .untilAsserted(() ->
                        assertThat(output).anySatisfy(line -> assertThat(line).contains(part)));
    }

    /** The clerks' own sessions come and go in the same states, but only for a moment. */
    private void awaitSessions(int count, String state, String waitEventType) {
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(witness.sessions())
                        .filteredOn(session -> session.state().equals(state)
                                && session.waitEventType().equals(waitEventType))
                        .hasSize(count));
    }
}
