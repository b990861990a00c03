// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.FakePostgres;
import io.github.pgleash.connect.PgDriver;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FarewellsTest {
    private static final String STATEMENT = "org.postgresql.jdbc.PgStatement";
    private static final String RESULT_SET = "org.postgresql.jdbc.PgResultSet";
    private static final String REASON = "pgleash ended this database session";

    private final List<Class<?>> told = new ArrayList<>();
    private final Farewells farewells = new Farewells(told::add);
    private final Connection handle = Handles.empty();
    private FakePostgres server;
    private Connection physical;

    @BeforeEach
    void start() throws Exception {
        server = new FakePostgres();
        physical = server.connect(7);
    }

    @AfterEach
    void stop() throws Exception {
        physical.close();
        server.close();
    }

    @Test
    void who_uses_a_connection_that_was_ended_learns_why() {
        farewells.arm(physical, handle, REASON);

        for (Object source : List.of(physical, PgDriver.of(physical.getClass()).executor(physical), handle)) {
            SQLException failure = new SQLException("This connection has been closed.", "08003");
            farewells.tell(source, failure);

            assertThat(failure.getMessage()).isEqualTo("This connection has been closed.");
            assertThat(failure.getSuppressed()).singleElement().isInstanceOfSatisfying(SQLException.class, farewell -> {
                assertThat(farewell.getMessage()).isEqualTo(REASON);
                assertThat(farewell.getSQLState()).isEqualTo("57P01");
                assertThat(farewell.getStackTrace()).isEmpty();
            });
        }
        assertThat(told)
                .extracting(Class::getName)
                .containsExactly(STATEMENT, RESULT_SET, handle.getClass().getName());
    }

    @Test
    void the_failures_of_one_that_may_be_ended_are_told_before_and_get_no_reason() {
        farewells.expect(physical, handle);
        SQLException failure = new SQLException("closed");
        farewells.tell(handle, failure);

        assertThat(told)
                .extracting(Class::getName)
                .containsExactly(STATEMENT, RESULT_SET, handle.getClass().getName());
        assertThat(failure.getSuppressed()).isEmpty();
    }

    @Test
    void it_is_told_once_in_each_exception() {
        farewells.arm(physical, handle, REASON);
        SQLException failure = new SQLException("closed");

        farewells.tell(PgDriver.of(physical.getClass()).executor(physical), failure);
        farewells.tell(physical, failure);
        farewells.tell(handle, failure);

        assertThat(failure.getSuppressed()).hasSize(1);
    }

    @Test
    void what_was_suppressed_before_stays() {
        farewells.arm(physical, null, REASON);
        SQLException failure = new SQLException("closed");
        failure.addSuppressed(new IllegalStateException());

        farewells.tell(physical, failure);

        assertThat(failure.getSuppressed()).hasSize(2);
        assertThat(told).extracting(Class::getName).containsExactly(STATEMENT, RESULT_SET);
    }

    @Test
    void other_exceptions_are_left_as_they_are() {
        farewells.arm(physical, handle, REASON);

        for (Throwable failure : List.of(new IllegalStateException(), new StackOverflowError(), new Exception())) {
            farewells.tell(physical, failure);
            assertThat(failure.getSuppressed()).isEmpty();
        }
    }

    @Test
    void other_connections_and_unarmed_ones_are_told_nothing() throws Exception {
        SQLException failure = new SQLException("closed");
        farewells.tell(physical, failure);
        farewells.arm(physical, handle, REASON);
        try (Connection other = server.connect(8)) {
            farewells.tell(other, failure);
        }
        farewells.tell(Handles.empty(), failure);

        assertThat(failure.getSuppressed()).isEmpty();
    }

    @Test
    void once_disarmed_nothing_is_told() {
        farewells.arm(physical, handle, REASON);
        farewells.disarm(physical, handle);
        SQLException failure = new SQLException("closed");

        farewells.tell(physical, failure);
        farewells.tell(PgDriver.of(physical.getClass()).executor(physical), failure);
        farewells.tell(handle, failure);

        assertThat(failure.getSuppressed()).isEmpty();
    }

    @Test
    void a_connection_without_a_pool_is_its_own_handle() {
        farewells.arm(physical, physical, REASON);
        assertThat(told).extracting(Class::getName).containsExactly(STATEMENT, RESULT_SET);

        farewells.disarm(physical, physical);
        SQLException failure = new SQLException("closed");
        farewells.tell(physical, failure);
        assertThat(failure.getSuppressed()).isEmpty();
    }

    @Test
    void nothing_to_arm_is_no_trouble() {
        farewells.arm(null, null, REASON);
        farewells.disarm(null, null);

        assertThat(told).isEmpty();
    }
}
