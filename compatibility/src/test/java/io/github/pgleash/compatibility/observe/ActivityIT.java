// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.observe;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static io.github.pgleash.compatibility.server.PostgresServer.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.BackendsObjectName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import javax.management.JMException;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** On every server version: sessions in all states, ours and strangers', and the list of them. */
@ParameterizedClass
@MethodSource("io.github.pgleash.compatibility.server.PostgresServers#majors")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // Which does not know the methods that run before an invocation.
final class ActivityIT {
    @Parameter
    int version;

    private PostgresServer server;
    private ServiceJvm service;
    private Onlooker onlooker;
    private final Map<String, Integer> pids = new TreeMap<>();
    private final List<Connection> strangers = new ArrayList<>();

    @BeforeParameterizedClassInvocation
    void arrangeSessions(int major) throws SQLException {
        server = PostgresServers.start(major);
        service = ServiceJvm.plan().agent("app=shop").start();
        onlooker = new Onlooker(server);
        server.execute("CREATE TABLE goods (id int PRIMARY KEY, name text); INSERT INTO goods VALUES (1, 'egg');"
                + " GRANT ALL ON goods TO app");
        Sessions sessions = Sessions.of(service, server);
        pids.put("idle", sessions.idle("idle"));
        pids.put("in transaction", sessions.idleInTransaction("in transaction"));
        pids.put("aborted", sessions.aborted("aborted"));
        pids.put("active", sessions.active("active", "SELECT pg_sleep(300)"));
        pids.put("copying", sessions.copying("copying", "COPY goods FROM STDIN"));
        pids.put("blocker", sessions.idleInTransaction("blocker"));
        sessions.execute("blocker", "UPDATE goods SET name = 'ham' WHERE id = 1");
        pids.put("blocked", sessions.active("blocked", "DELETE FROM goods WHERE id = 1"));
        onlooker.await(pid("active"), "active");
        onlooker.awaitLockWait(pid("blocked"));

        server.createRole("neighbour", SECRET, "");
        strangers.add(server.connect(SHOP, APP, SECRET));
        strangers.add(server.connect(SHOP, "neighbour", SECRET));
        strangers.add(server.connect());
        Connection otherApplication = server.connect(SHOP, APP, SECRET);
        otherApplication.setClientInfo("ApplicationName", "another@host:1");
        strangers.add(otherApplication);
        service.backends().refresh();
    }

    @AfterParameterizedClassInvocation
    void close() throws SQLException {
        for (Connection stranger : strangers) {
            stranger.close();
        }
        service.close();
        server.close();
    }

    @Test
    void the_list_is_the_jvms_own_sessions_and_no_others() {
        assertThat(service.backends().getBackends())
                .extracting(Backend::pid)
                .containsExactlyInAnyOrderElementsOf(pids.values());
        assertThat(service.backends().getConnections()).isEqualTo(pids.size());
    }

    @Test
    void each_row_says_what_pg_stat_activity_says() {
        assertColumn("usename::text", Backend::usename);
        assertColumn("datname::text", Backend::datname);
        assertColumn("application_name", Backend::application_name);
        assertColumn("host(client_addr)", Backend::client_addr);
        assertColumn("state", Backend::state);
        assertColumn("wait_event_type", Backend::wait_event_type);
        assertColumn("wait_event", Backend::wait_event);
        assertColumn(asIso("backend_start"), row -> micros(row.backend_start()));
        assertColumn(asIso("xact_start"), row -> micros(row.xact_start()));
        assertColumn(asIso("state_change"), row -> micros(row.state_change()));
    }

    @Test
    void the_states_are_those_that_were_arranged() {
        assertThat(row("idle").state()).isEqualTo("idle");
        assertThat(row("in transaction").state()).isEqualTo("idle in transaction");
        assertThat(row("aborted").state()).isEqualTo("idle in transaction (aborted)");
        assertThat(row("active").state()).isEqualTo("active");
        assertThat(row("copying").state()).isEqualTo("active");
        assertThat(row("blocked").wait_event_type()).isEqualTo("Lock");
    }

    @Test
    void a_row_that_waits_for_a_lock_names_the_blocker() {
        assertThat(row("blocked").blockedBy()).isEqualTo(Integer.toString(pid("blocker")));
        assertThat(service.backends().getBackends())
                .filteredOn(backend -> backend.pid() != pid("blocked"))
                .extracting(Backend::blockedBy)
                .containsOnlyNulls();
        assertThat(service.backends().explain(Integer.toString(pid("blocked"))))
                .contains("blocked by: pid " + pid("blocker"));
    }

    @Test
    void the_id_is_made_of_pid_server_and_backend_start() {
        pids.forEach((name, pid) -> assertThat(row(name).id()).isEqualTo(onlooker.id(pid)));
    }

    @Test
    void the_numbers_are_those_of_a_second_connection() {
        BackendsMXBean bean = service.backends();
        bean.refresh();
        assertThat(bean.getActive()).isEqualTo(count("state = 'active'"));
        assertThat(bean.getIdle()).isEqualTo(count("state = 'idle'"));
        assertThat(bean.getIdleInTransaction()).isEqualTo(count("state LIKE 'idle in transaction%'"));
        assertThat(bean.getWaitingForLock()).isEqualTo(count("wait_event_type = 'Lock'"));
        assertThat(bean.getLongestTransactionSeconds())
                .isCloseTo(
                        Long.parseLong(server.look(
                                "SELECT floor(max(extract(epoch FROM clock_timestamp() - xact_start)))::int"
                                        + " FROM pg_stat_activity WHERE application_name = ?",
                                bean.getTag())),
                        within(1L));
    }

    @Test
    void programs_find_the_columns_under_postgresqls_names() throws JMException, IOException {
        CompositeData[] rows = (CompositeData[]) service.jmx().getAttribute(BackendsObjectName.BACKENDS, "Backends");
        assertThat(rows).hasSize(pids.size()).allSatisfy(row -> {
            assertThat(row.getCompositeType().keySet())
                    .contains("pid", "usename", "application_name", "client_addr", "state");
            assertThat(row.get("usename")).isEqualTo(APP);
            assertThat(pids).containsValue((Integer) row.get("pid"));
        });
    }

    @Test
    void the_control_connection_is_none_of_the_rows_and_wears_its_own_name() {
        service.backends().refresh();
        assertThat(server.column("SELECT usename || ' ' || state || ' ' || coalesce(xact_start::text, 'no transaction')"
                        + " FROM pg_stat_activity WHERE application_name LIKE 'pgleash of shop@%'"))
                .containsExactly(APP + " idle no transaction");
        assertThat(service.backends().getBackends())
                .extracting(Backend::application_name)
                .containsOnly(service.backends().getTag());
    }

    /** The same value in each row of ours, for each session of ours. */
    private void assertColumn(String sql, Function<Backend, @Nullable String> column) {
        service.backends().refresh();
        Map<Integer, @Nullable String> ours = new TreeMap<>();
        Map<Integer, @Nullable String> theirs = new TreeMap<>();
        for (Backend backend : service.backends().getBackends()) {
            ours.put(backend.pid(), column.apply(backend));
            theirs.put(
                    backend.pid(),
                    server.column("SELECT " + sql + " FROM pg_stat_activity WHERE pid = ?", backend.pid())
                            .get(0));
        }
        assertThat(ours).as(sql).isEqualTo(theirs);
    }

    private static String asIso(String column) {
        return "to_char(" + column + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";
    }

    /** Java leaves out trailing zeros by the thousand. */
    private static @Nullable String micros(@Nullable String instant) {
        if (instant == null) {
            return null;
        }
        String whole = instant.contains(".") ? instant : instant.replace("Z", ".Z");
        int missing = whole.indexOf('.') + 8 - whole.length();
        return whole.replace("Z", "0".repeat(missing) + "Z");
    }

    private int count(String condition) {
        return Integer.parseInt(server.look(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = ? AND " + condition,
                service.backends().getTag()));
    }

    private Backend row(String name) {
        return Arrays.stream(service.backends().getBackends())
                .filter(backend -> backend.pid() == pid(name))
                .findFirst()
                .orElseThrow();
    }

    private int pid(String name) {
        return pids.getOrDefault(name, 0);
    }
}
