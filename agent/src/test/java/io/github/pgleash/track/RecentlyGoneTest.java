// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.track.RecentlyGone.Gone;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class RecentlyGoneTest {
    private final RecentlyGone gone = new RecentlyGone();

    @Test
    void only_what_was_closed_is_remembered() {
        gone.add(connection(7));

        assertThat(contains(7)).isTrue();
        assertThat(contains(8)).isFalse();
        assertThat(gone.anyMatch(any -> !any.equals(new Gone(7, "db:5432", 0)))).isFalse();
    }

    @Test
    void the_oldest_are_forgotten() {
        for (int pid = 1; pid <= 1_001; pid++) {
            gone.add(connection(pid));
        }

        assertThat(contains(1)).isFalse();
        assertThat(contains(2)).isTrue();
        assertThat(contains(1_001)).isTrue();
    }

    private boolean contains(int pid) {
        return gone.anyMatch(new Gone(pid, "db:5432", 0)::equals);
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
