// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class RecentlyGoneTest {
    private final RecentlyGone gone = new RecentlyGone();

    @Test
    void only_what_was_closed_is_remembered() {
        gone.add(connection(7));

        assertThat(gone.contains("7@db:5432")).isTrue();
        assertThat(gone.contains("8@db:5432")).isFalse();
        assertThat(gone.contains("")).isFalse();
    }

    @Test
    void the_oldest_are_forgotten() {
        for (int pid = 1; pid <= 1_001; pid++) {
            gone.add(connection(pid));
        }

        assertThat(gone.contains("1@db:5432")).isFalse();
        assertThat(gone.contains("2@db:5432")).isTrue();
        assertThat(gone.contains("1001@db:5432")).isTrue();
    }

    private static TrackedConnection connection(int pid) {
        Origin origin = new Origin(Object.class, new Origin.Address("db:5432", "joe", "shop"), new Properties());
        java.sql.Connection none = (java.sql.Connection) java.lang.reflect.Proxy.newProxyInstance(
                RecentlyGoneTest.class.getClassLoader(),
                new Class<?>[] {java.sql.Connection.class},
                (proxy, method, arguments) -> false);
        return new TrackedConnection(new WeakIdentity<>(none, null), origin, pid, pid, null, false);
    }
}
