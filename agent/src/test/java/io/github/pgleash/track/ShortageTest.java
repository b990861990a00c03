// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShortageTest {
    private final AtomicInteger woken = new AtomicInteger();
    private final Shortage shortage = new Shortage(woken::incrementAndGet);

    /** What the pools throw when all their connections are lent, in their own words. */
    static Stream<Throwable> exhausted() {
        return Stream.of(
                new SQLTransientConnectionException(
                        "HikariPool-1 - Connection is not available, request timed out after 1003ms"
                                + " (total=2, active=2, idle=0, waiting=0)"),
                new SQLException("[main] Timeout: Pool empty. Unable to fetch a connection in 1 seconds, none available"
                        + "[size:2; busy:2; idle:0; lastwait:1000]."),
                new SQLException("Cannot get a connection, pool error Timeout waiting for idle object"),
                new SQLException("Cannot get a connection, pool exhausted"),
                new SQLException("An attempt by a client to checkout a Connection has timed out."),
                new SQLException("Sorry, acquisition timeout!"),
                new GetConnectionTimeoutException("wait millis 1000, active 2, maxActive 2, creating 0"),
                new SQLTimeoutException("Pool p1, couldn't obtain SQL connection within 1000.000 ms."),
                new SQLException("Exception occurred while getting connection:"
                        + " oracle.ucp.UniversalConnectionPoolException:"
                        + " UCP-45064: All connections in the Universal Connection Pool are in use"),
                new SQLException("Connection pool exhausted - try increasing 'maxPoolSize'"),
                new SQLException(
                        "javax.resource.ResourceException: IJ000453: Unable to get managed connection for java:/shop",
                        new Exception("IJ000655: No managed connections available within configured blocking timeout"
                                + " (30000 [ms])")));
    }

    @ParameterizedTest
    @MethodSource("exhausted")
    void a_pool_that_has_none_left_is_noticed(Throwable failure) {
        shortage.borrowFailed(failure);

        assertThat(woken).hasValue(1);
        assertThat(shortage.take()).startsWith("a borrow failed: ").contains(String.valueOf(failure.getMessage()));
    }

    static Stream<Throwable> noSlots() {
        SQLException server = new SQLException("FATAL: sorry, too many clients already", "53300");
        return Stream.of(
                server,
                new SQLTransientConnectionException("HikariPool-1 - Connection is not available", server),
                new RuntimeException("cannot start", new IllegalStateException(new SQLException("no", server))));
    }

    @ParameterizedTest
    @MethodSource("noSlots")
    void a_server_without_a_slot_is_noticed_wherever_it_stands_among_the_causes(Throwable failure) {
        shortage.borrowFailed(failure);

        assertThat(shortage.take())
                .isEqualTo("the server has no connection slot left: FATAL: sorry, too many clients already");
    }

    static Stream<Throwable> others() {
        return Stream.of(
                new SQLException("FATAL: password authentication failed for user \"joe\"", "28P01"),
                new SQLInvalidAuthorizationSpecException("no"),
                new SQLException("The connection attempt failed.", new SocketTimeoutException("Connect timed out")),
                new SQLException((String) null),
                new SQLException("HikariDataSource HikariDataSource (HikariPool-1) has been closed."),
                new IllegalStateException("timeout"),
                new IOException("timed out"),
                new StackOverflowError());
    }

    @ParameterizedTest
    @MethodSource("others")
    void another_failure_is_none(Throwable failure) {
        shortage.borrowFailed(failure);

        assertThat(shortage.take()).isNull();
        assertThat(woken).hasValue(0);
    }

    @Test
    void causes_in_a_circle_end() {
        SQLException one = new SQLException("one");
        one.initCause(new SQLException("two", one));

        shortage.borrowFailed(one);

        assertThat(shortage.take()).isNull();
    }

    @Test
    void one_is_noted_until_it_is_taken_and_wakes_the_patrol_once() {
        shortage.borrowFailed(new SQLException("first timeout"));
        shortage.borrowFailed(new SQLException("second timeout"));

        assertThat(woken).hasValue(1);
        assertThat(shortage.take()).isEqualTo("a borrow failed: first timeout");
        assertThat(shortage.take()).isNull();

        shortage.borrowFailed(new SQLException("third timeout"));
        assertThat(woken).hasValue(2);
        assertThat(shortage.take()).isEqualTo("a borrow failed: third timeout");
    }

    /** Druid's, whose text does not say what its name does. */
    private static final class GetConnectionTimeoutException extends SQLException {
        private static final long serialVersionUID = 1;

        GetConnectionTimeoutException(@Nullable String message) {
            super(message);
        }
    }
}
