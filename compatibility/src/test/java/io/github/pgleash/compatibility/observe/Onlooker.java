// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.observe;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.service.ServiceJvm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** What the server itself says of a session, seen by its superuser over a second connection that no agent knows. */
public final class Onlooker {
    /** How {@link #state} tells that there is no such session. */
    public static final String GONE = "gone";

    private final PostgresServer server;

    public Onlooker(PostgresServer server) {
        this.server = server;
    }

    public String state(int pid) {
        List<@Nullable String> states = server.column("SELECT state FROM pg_stat_activity WHERE pid = ?", pid);
        return states.isEmpty() ? GONE : String.valueOf(states.get(0));
    }

    /** Waits until the session is in that state. */
    public void await(int pid, String state) {
        until(() -> state(pid).equals(state));
    }

    /** Waits until the session has been in its state for that long, by the server's clock. */
    public void awaitAge(int pid, Duration age) {
        until(() -> holds(
                "SELECT clock_timestamp() - state_change > ? * interval '1 ms' FROM pg_stat_activity WHERE pid = ?",
                age.toMillis(),
                pid));
    }

    /** Waits until the session waits for a lock. */
    public void awaitLockWait(int pid) {
        until(() -> holds("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = ?", pid));
    }

    /** Waits until pgleash has asked the server to end a session, and waits for that. */
    public void awaitTermination() {
        until(() -> holds("SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name LIKE 'pgleash of %'"
                + " AND query LIKE 'select a.pid, (extract(epoch from a.backend_start)%'"));
    }

    /** {@code backend_start} in microseconds since 1970. */
    public long start(int pid) {
        return Long.parseLong(server.look(
                "SELECT (extract(epoch FROM backend_start) * 1000000)::bigint FROM pg_stat_activity WHERE pid = ?",
                pid));
    }

    /** The whole id of a session, made from what the server says. */
    public String id(int pid) {
        return shortId(pid) + "#" + start(pid);
    }

    /** {@code pid@host:port}. */
    public String shortId(int pid) {
        return pid + "@" + server.host() + ":" + server.port();
    }

    /** Whether that very process is there, and not another with its pid. */
    public boolean sees(String id) {
        int pid = Integer.parseInt(id.substring(0, id.indexOf('@')));
        return server.column(
                                "SELECT 1 FROM pg_stat_activity WHERE pid = ?"
                                        + " AND (extract(epoch FROM backend_start) * 1000000)::bigint = ?",
                                pid,
                                Long.parseLong(id.substring(id.indexOf('#') + 1)))
                        .size()
                == 1;
    }

    private boolean holds(String sql, Object... parameters) {
        return server.column(sql, parameters).equals(List.of("t"));
    }

    private static void until(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(ServiceJvm.DEADLINE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }
}
