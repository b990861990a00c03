// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.act.Backends;
import io.github.pgleash.connect.ConnectionEvents;
import io.github.pgleash.connect.Door;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.rules.Exemption;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.BorrowStacks;
import io.github.pgleash.track.Handles;
import io.github.pgleash.track.Lenders.Lender;
import io.github.pgleash.track.TrackedConnection;
import java.sql.Connection;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import liquibase.FakeMigration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraitsTest {
    private Backends backends;
    private BorrowRegistry borrows;
    private TrackedConnection connection;

    @BeforeEach
    void start() throws Exception {
        backends = new Backends();
        borrows = new BorrowRegistry(type -> true, BorrowStacks.always(), backends.registry, type -> false);
        connection = backends.open(7, Backends.TAG);
        Door.open(new ConnectionEvents() {
            @Override
            public void borrowed(Object lender, Connection handle, long ticket) {
                borrows.borrowed(lender, handle, ticket);
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        Door.open(ConnectionEvents.NONE);
        backends.close();
    }

    @ParameterizedTest
    @CsvSource({
        "'select 1', ",
        "'', ",
        "'LISTEN orders', LISTEN",
        "'/* app */ listen orders', LISTEN",
        "'copy t from stdin', COPY",
        "'  -- nightly\n  COPY t TO STDOUT', COPY",
        "'/* a /* nested */ one */copy t from stdin', COPY",
        "'copyright', ",
        "'select ''copy''', ",
        "'/* never closed', ",
        "'-- never ended', ",
        "'select * from \"public\".\"flyway_schema_history\"', MIGRATION",
        "'UPDATE public.DATABASECHANGELOGLOCK SET locked = true', MIGRATION",
    })
    void what_a_statement_says(String query, @Nullable Exemption trait) {
        assertThat(Traits.of(finding(null, query, false))).isEqualTo(trait == null ? Set.of() : Set.of(trait));
    }

    @Test
    void what_the_server_and_the_driver_say() {
        assertThat(Traits.of(finding(null, null, true))).containsExactly(Exemption.ADVISORY);
        backends.registry.enlisted(Objects.requireNonNull(connection.connection()));
        assertThat(Traits.of(finding(null, "select 1", false))).containsExactly(Exemption.XA);
    }

    @Test
    void who_borrowed_says() {
        Borrow migration = FakeMigration.call(this::lend);
        assertThat(Traits.of(finding(migration, "create table t(a int)", false)))
                .containsExactly(Exemption.MIGRATION);
    }

    @Test
    void what_the_owner_does_now_says_it_as_well() {
        Borrow borrow = lend();
        assertThat(Traits.of(finding(borrow, "create table t(a int)", false))).isEmpty();
        assertThat(FakeMigration.call(() -> Traits.of(finding(borrow, "create table t(a int)", false))))
                .containsExactly(Exemption.MIGRATION);
    }

    private Borrow lend() {
        Connection handle = Handles.around(Objects.requireNonNull(connection.connection()));
        Door.borrowed(new Lender(() -> handle), handle, 0);
        return Objects.requireNonNull(borrows.of(connection));
    }

    private Finding finding(@Nullable Borrow borrow, @Nullable String query, boolean advisory) {
        ActivityRow row = new ActivityRow(
                7,
                17,
                Duration.ofHours(1),
                "joe",
                "shop",
                Backends.TAG,
                null,
                "active",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                query,
                null,
                advisory);
        return new Finding(connection, borrow, null, row, Verdict.HEALTHY);
    }
}
