// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pgleash.FakePostgres;
import io.github.pgleash.connect.PgDriver;
import io.github.pgleash.track.ConnectionRegistry;
import io.github.pgleash.track.TrackedConnection;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class BackendIdTest {
    @ParameterizedTest
    @CsvSource({
        "4711,                              4711,,",
        "' 4711 ',                          4711,,",
        "'\t4711\n',                        4711,,",
        "0007,                              7,,",
        "1,                                 1,,",
        "2147483647,                        2147483647,,",
        "4711@db:5432,                      4711, db:5432,",
        "4711@db:5432#1,                    4711, db:5432, 1",
        "4711@db:5432#1700000000123456,     4711, db:5432, 1700000000123456",
        "4711@db:5432#9223372036854775807,  4711, db:5432, 9223372036854775807",
        "4711@[::1]:5432#17,                4711, [::1]:5432, 17",
        "4711@[fe80::1%eth0]:5432,          4711, [fe80::1%eth0]:5432,",
        "4711@user@db:5432#17,              4711, user@db:5432, 17",
        "4711@odd#name:5432#17,             4711, odd#name:5432, 17",
    })
    void an_id_is_a_pid_with_or_without_server_and_start(
            String text, int pid, @Nullable String server, @Nullable Long start) {
        assertThat(BackendId.parse(text)).isEqualTo(new BackendId(pid, server, start));
    }

    @ParameterizedTest
    @CsvSource({
        "-1@db:5432,           -1, db:5432,",
        "-2147483647@db:5432,  -2147483647, db:5432,",
        "0@db:5432,            0, db:5432,",
        "0@db:5432#c7,         0, db:5432, 7",
        "0@[::1]:5432#c12,     0, [::1]:5432, 12",
    })
    void a_pooler_may_make_up_a_pid_or_give_none(String text, int pid, String server, @Nullable Long number) {
        assertThat(BackendId.parse(text)).isEqualTo(new BackendId(pid, server, null, number));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                " ",
                "\n",
                "0",
                "-1",
                "+1",
                "1.0",
                "1e3",
                "0x10",
                "abc",
                "4711x",
                "x4711",
                "47 11",
                "4711,4712",
                "4711;4712",
                "2147483648",
                "9223372036854775808",
                "99999999999999999999999",
                "٤٧١١",
                "４７１１",
                "\u00a04711",
                "4711\u0000",
                "@",
                "@db:5432",
                "4711@",
                "4711@#17",
                "4711 @db:5432",
                "4711@db:5432#",
                "4711@db:5432#x",
                "4711@db:5432#0",
                "4711@db:5432#-1",
                "4711@db:5432# 17",
                "4711@db:5432#9223372036854775808",
                "4711@db:5432#17  |  idle 5 s",
                "#17",
                "4711#17",
                "-0@db:5432",
                "--1@db:5432",
                "-2147483649@db:5432",
                "0@db:5432#c0",
                "0@db:5432#c",
                "0@db:5432#c-1",
                "0@db:5432#c7c",
                "0",
                "-1",
                "-1#c7",
                "2147483648@db:5432",
                "<html>",
                "' or 1=1 --",
                "null",
                "%s",
                "*"
            })
    void anything_else_is_refused_with_a_remedy_and_not_repeated(@Nullable String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BackendId.parse(text))
                .withMessage("this is no backend id; copy one from the list, pid@host:port#start, or give a pid")
                .withNoCause();
    }

    @Test
    void an_endless_id_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> BackendId.parse("1".repeat(1_000_000)));
        assertThatIllegalArgumentException().isThrownBy(() -> BackendId.parse("1@" + "x".repeat(1_000_000)));
    }

    @Test
    void the_id_of_a_connection_leads_back_to_it_before_and_after_its_start_is_known() throws Exception {
        ConnectionRegistry registry = new ConnectionRegistry();
        try (FakePostgres server = new FakePostgres();
                Connection connection = server.connect(4711)) {
            TrackedConnection tracked =
                    registry.opened(connection, PgDriver.of(connection.getClass()), FakePostgres.settings(), null);

            BackendId before = BackendId.parse(tracked.id());
            assertThat(before).isEqualTo(new BackendId(4711, server.address(), null));
            assertThat(before.matches(tracked)).isTrue();
            assertThat(before.isStaleFor(tracked)).isFalse();

            tracked.bind(1_700_000_000_123_456L);
            BackendId after = BackendId.parse(tracked.id());
            assertThat(after).isEqualTo(new BackendId(4711, server.address(), 1_700_000_000_123_456L));
            assertThat(after.matches(tracked)).isTrue();
            assertThat(after.isStaleFor(tracked)).isFalse();
            assertThat(before.isStaleFor(tracked)).isFalse();

            assertThat(BackendId.parse("4711@" + server.address() + "#17").isStaleFor(tracked))
                    .isTrue();
            assertThat(BackendId.parse("4711").matches(tracked)).isTrue();
            assertThat(BackendId.parse("4712").matches(tracked)).isFalse();
            assertThat(BackendId.parse("4711@elsewhere:5432").matches(tracked)).isFalse();
        }
    }
}
