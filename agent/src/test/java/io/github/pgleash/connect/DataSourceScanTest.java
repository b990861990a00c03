// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import com.zaxxer.hikari.util.DriverDataSource;
import java.io.PrintWriter;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.sql.Connection;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.common.BaseDataSource;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.jdbc.PgStatement;

class DataSourceScanTest {
    @ParameterizedTest
    @ValueSource(
            classes = {
                HandMade.class,
                WithAllConstants.class,
                OnlyABridge.class,
                HikariDataSource.class,
                DriverDataSource.class,
                BaseDataSource.class
            })
    void a_class_that_lends_connections_looks_like_a_data_source(Class<?> type) throws Exception {
        assertThat(looks(type)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Object.class,
                String.class,
                Statement.class,
                PgStatement.class,
                CalledSo.class,
                PgConnection.class,
                List.class,
                Thread.State.class,
                Random.class
            })
    void others_do_not(Class<?> type) throws Exception {
        assertThat(looks(type)).isFalse();
    }

    @Test
    void a_class_that_only_calls_one_looks_alike_and_is_not_woven() throws Exception {
        byte[] bytes = bytes(Caller.class);

        assertThat(DataSourceScan.looksLikeDataSource(bytes)).isTrue();
        assertThat(Loom.weave(bytes, TrickyWeavingTest.points(HookPoint.ANY_DATA_SOURCE), true))
                .isNull();
    }

    @Test
    void the_whole_of_a_pool_and_what_it_calls_itself_do_not_matter() throws Exception {
        assertThat(looks(HikariPool.class)).isTrue();
    }

    /** Java 21's and later constants are none of ours either: whatever is unknown ends the scan. */
    @Test
    void an_unknown_constant_ends_the_scan() {
        byte[] unknown = {0, 0, 0, 0, 0, 0, 0, 61, 0, 9, 99, 0, 0};

        assertThat(DataSourceScan.looksLikeDataSource(unknown)).isFalse();
    }

    @Test
    void garbage_fails_with_what_the_weaver_catches_or_is_no_data_source() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            assertThatCode(() -> {
                        try {
                            DataSourceScan.looksLikeDataSource(garbage);
                        } catch (ArrayIndexOutOfBoundsException cutOff) {
                            // that is what the weaver catches
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }

    private static boolean looks(Class<?> type) throws Exception {
        return DataSourceScan.looksLikeDataSource(bytes(type));
    }

    private static byte[] bytes(Class<?> type) throws Exception {
        return WovenLoader.bytes(type.getName());
    }

    static class HandMade implements DataSource {
        @Override
        public Connection getConnection() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Connection getConnection(String user, String password) {
            return getConnection();
        }

        @Override
        public @Nullable PrintWriter getLogWriter() {
            return null;
        }

        @Override
        public void setLogWriter(PrintWriter out) {}

        @Override
        public void setLoginTimeout(int seconds) {}

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public <T> T unwrap(Class<T> type) {
            return type.cast(this);
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return type.isInstance(this);
        }
    }

    /** Of every kind that takes another number of bytes, and before the names that are looked for. */
    static class WithAllConstants {
        long wide() {
            return 0x1234_5678_9abcL;
        }

        double wider() {
            return 3.141592653589793;
        }

        float number() {
            return 2.5f;
        }

        int large() {
            return 1_000_000_007;
        }

        LongSupplier handle() {
            return () -> 0x7edc_ba98_7654L;
        }

        MethodHandle look() throws Exception {
            return MethodHandles.lookup().findVirtual(String.class, "length", MethodType.methodType(int.class));
        }

        String text(int i) {
            return "text " + i + (char) 0 + "größer \uD83D\uDE00";
        }

        Connection getConnection() {
            throw new UnsupportedOperationException("this is a DataSource");
        }

        Connection getConnection(String user, String password) {
            return getConnection();
        }
    }

    interface PlainDataSource {
        Connection getConnection();
    }

    interface Special extends Connection {}

    static class OnlyABridge implements PlainDataSource {
        @Override
        public Special getConnection() {
            throw new UnsupportedOperationException();
        }
    }

    /** The name alone. */
    static class CalledSo {
        String name() {
            return "DataSource";
        }
    }

    static class Caller {
        boolean use(DataSource source) throws Exception {
            try (Connection connection = source.getConnection()) {
                return connection.isValid(1);
            }
        }
    }
}
