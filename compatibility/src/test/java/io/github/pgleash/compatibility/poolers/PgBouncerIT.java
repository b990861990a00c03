// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.poolers;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.Running;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Through PgBouncer pids are made up and sessions are shared: nothing is signalled there, and nobody else is touched. */
final class PgBouncerIT {
    /** All that a client could set. */
    private static final String SETTINGS =
            "SELECT name || '=' || setting FROM pg_settings WHERE context IN ('user', 'superuser') ORDER BY name";

    private final PostgresServer server = PostgresServers.shared();
    /** Tells the statements of one test from those of another. */
    private final String mark = UUID.randomUUID().toString();

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"transaction", "session"})
    void it_is_recognised_and_the_list_says_what_can_be_known(String mode) {
        Pooler pooler = pooler(mode, 10);
        ServiceJvm service = service("seen", "");
        Sessions sessions = sessions(service, pooler);
        sessions.idle("idle");
        sessions.idleInTransaction("in transaction");
        BackendsMXBean bean = service.backends();
        bean.refresh();
        assertThat(bean.getProblems()).isEmpty();
        assertThat(bean.getServers())
                .hasSize(1)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("app@" + pooler.address() + ": through a pooler")
                        .contains("approximately", "1 are in a transaction"));
        assertThat(bean.getBackends())
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.notes()).contains("behind a pooler"))
                .allSatisfy(row -> assertThat(row.state()).isNull())
                .allSatisfy(row -> assertThat(row.backend_start()).isNull())
                .allSatisfy(row -> assertThat(row.owner()).isNotNull());
        assertThat(bean.table()).contains("in a transaction, says its driver", "not in a transaction, says its driver");
        assertThat(bean.getLeaked() + bean.getStuck()).isZero();
    }

    /** One session on the server, which is the control connection's in one moment and a stranger's in the next. */
    @ParameterizedTest
    @ValueSource(strings = {"", ",control.reserve=on"})
    void nothing_that_we_set_reaches_another_client(String option) throws SQLException {
        Pooler pooler = pooler("transaction", 1);
        try (Connection stranger = stranger(pooler)) {
            List<@Nullable String> before = column(stranger, SETTINGS);
            ServiceJvm service = service("clean", option);
            Sessions sessions = sessions(service, pooler);
            sessions.idle("orders");
            BackendsMXBean bean = service.backends();
            String id = only(bean).id();
            bean.table();
            bean.explain(id);
            bean.cancel(id);
            bean.terminate("17");
            assertThat(bean.getProblems()).isEmpty();
            assertThat(column(stranger, SETTINGS)).isEqualTo(before);
            try (Connection late = stranger(pooler)) {
                assertThat(column(late, SETTINGS)).isEqualTo(before);
                execute(late, "CREATE TABLE IF NOT EXISTS writable (); DROP TABLE writable");
            }
            bean.terminate(id);
            assertThat(column(stranger, SETTINGS)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"transaction", "session"})
    void terminate_ends_its_own_work_on_the_server_and_nobody_elses(String mode) throws SQLException {
        Pooler pooler = pooler(mode, 10);
        ServiceJvm service = service("ending", "");
        Sessions sessions = sessions(service, pooler);
        Running<@Nullable Void> victim = sleep(sessions, "victim");
        Running<@Nullable Void> sibling = sleep(sessions, "sibling");
        try (Connection stranger = stranger(pooler)) {
            stranger.setAutoCommit(false);
            int pid = Integer.parseInt(
                    String.valueOf(column(stranger, "SELECT pg_backend_pid()").get(0)));
            Receipt receipt = service.backends().terminate(id(service, "victim"));
            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("GONE");
            assertThat(receipt.rung()).isEqualTo("local");
            assertThat(receipt.reason()).contains("pooler");
            assertThat(sleeping()).containsExactly("sibling");
            await().atMost(ServiceJvm.DEADLINE).until(victim::isDone);
            assertThat(sibling.isDone()).isFalse();
            assertThat(column(stranger, "SELECT pg_backend_pid()")).containsExactly(Integer.toString(pid));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"transaction", "session"})
    void cancel_ends_its_own_statement_and_nobody_elses(String mode) {
        Pooler pooler = pooler(mode, 10);
        ServiceJvm service = service("cancelling", "");
        Sessions sessions = sessions(service, pooler);
        Running<@Nullable Void> victim = sleep(sessions, "victim");
        Running<@Nullable Void> sibling = sleep(sessions, "sibling");
        String id = id(service, "victim");
        Receipt receipt = service.backends().cancel(id);
        assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("CANCELLED");
        assertThat(receipt.rung()).isEqualTo("local");
        assertThat(sleeping()).containsExactly("sibling");
        await().atMost(ServiceJvm.DEADLINE).until(victim::isDone);
        assertThat(sibling.isDone()).isFalse();
        assertThat(sessions.query("victim", "SELECT 1")).isEqualTo("1");
        Receipt again = service.backends().cancel(id);
        assertThat(again.outcome()).as(again.toString()).isEqualTo("REFUSED");
    }

    /** A leak through a pool in the JVM and PgBouncer behind it: the transaction ends, its lock is free, so is the slot. */
    @ParameterizedTest
    @ValueSource(strings = {"transaction", "session"})
    void a_transaction_that_is_left_open_ends_and_its_slot_comes_back(String mode) throws SQLException {
        Pooler pooler = pooler(mode, 5);
        server.execute("CREATE TABLE IF NOT EXISTS pooled (n int); GRANT ALL ON pooled TO app");
        ServiceJvm service = service("leaking", "");
        pool(service, pooler);
        service.run(stage -> {
            stage.borrow("pool", "leak").setAutoCommit(false);
            stage.execute("leak", "LOCK TABLE pooled");
        });
        Receipt receipt = service.backends().terminate(only(service.backends()).id());
        assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("GONE");
        assertThat(receipt.slotFreed()).isTrue();
        assertThat(server.column("SELECT pid FROM pg_locks WHERE relation = 'pooled'::regclass"))
                .isEmpty();
        assertThat(service.ask(stage -> {
                    stage.borrow("pool", "next");
                    return stage.query("next", "SELECT 2");
                }))
                .isEqualTo("2");
        assertThat(service.backends().getSlotsFreed()).isEqualTo(1);
    }

    /** PgBouncer leaves our name on the session until the next client comes: it is not ours for that. */
    @Test
    void a_shared_session_that_still_has_our_tag_is_not_taken_for_ours() throws SQLException {
        Pooler pooler = pooler("transaction", 1);
        ServiceJvm service = service("lending", "");
        Sessions sessions = sessions(service, pooler);
        int shared = sessions.idle("orders");
        assertThat(server.look("SELECT application_name FROM pg_stat_activity WHERE pid = ?", shared))
                .startsWith("lending@");
        BackendsMXBean bean = service.backends();
        assertThat(only(bean).pid()).isNotEqualTo(shared);
        for (Receipt receipt :
                List.of(bean.terminate(Integer.toString(shared)), bean.cancel(Integer.toString(shared)))) {
            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("REFUSED");
        }
        try (Connection stranger = stranger(pooler)) {
            stranger.setAutoCommit(false);
            assertThat(column(stranger, "SELECT pg_backend_pid()")).containsExactly(Integer.toString(shared));
            stranger.rollback();
        }
        try (Connection stranger = stranger(pooler)) {
            Receipt receipt = bean.terminate(only(bean).id());
            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("GONE");
            assertThat(column(stranger, "SELECT pg_backend_pid()")).containsExactly(Integer.toString(shared));
        }
    }

    /** With a control connection that goes past the pooler, the application's connections still go through it. */
    @Test
    void it_is_recognised_where_the_control_connection_has_a_way_of_its_own() {
        Pooler pooler = pooler("transaction", 10);
        ServiceJvm service = service("aside", ",control.url=" + server.url());
        Sessions sessions = sessions(service, pooler);
        Running<@Nullable Void> victim = sleep(sessions, "victim");
        assertThat(service.backends().refresh()).contains("through a pooler");
        Receipt receipt = service.backends().terminate(id(service, "victim"));
        assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("GONE");
        assertThat(receipt.rung()).isEqualTo("local");
        await().atMost(ServiceJvm.DEADLINE).until(victim::isDone);
        assertThat(sleeping()).isEmpty();
    }

    /** Drivers before 42.3.1 send no cancel request for a negative pid, and PgBouncer 1.18 makes up such ones. */
    @Test
    void a_pid_that_an_old_driver_cannot_cancel_by_is_told_and_nothing_else_is_claimed() {
        Pooler pooler = pooler("transaction", 20);
        ServiceJvm service =
                ServiceJvm.plan().without("postgresql-").agent("app=old").start();
        open.add(service);
        String url = pooler.url();
        String statement = "SELECT pg_sleep(60) /* old */ /* " + mark + " */";
        String pid = service.ask(stage -> {
            stage.driver("driver", Drivers.jar("42.2.29"));
            int reported = 1;
            for (int i = 0; i < 60 && reported > 0; i++) {
                Connection connection = stage.openWith("driver", "orders", url, APP, SECRET);
                reported = (Integer)
                        connection.getClass().getMethod("getBackendPID").invoke(connection);
                if (reported > 0) {
                    connection.close();
                }
            }
            return reported;
        });
        assumeTrue(pid.startsWith("-"), "this PgBouncer makes up no negative pids");
        Running<@Nullable Void> running = service.start("old", stage -> {
            stage.execute("orders", statement);
            return null;
        });
        await().atMost(ServiceJvm.DEADLINE).until(() -> sleeping().contains("old"));
        String id = only(service.backends()).id();
        assertThat(id).isEqualTo(pid + "@" + pooler.address());
        Receipt receipt = service.backends().cancel(id);
        assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("STILL_THERE");
        assertThat(receipt.reason()).contains("42.3.1");
        assertThat(sleeping()).containsExactly("old");
        receipt = service.backends().terminate(id);
        assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("STILL_THERE");
        assertThat(sleeping()).containsExactly("old");
        await().atMost(ServiceJvm.DEADLINE).until(running::isDone);
    }

    /** The usual leak: it holds the last of the pooler's sessions, so that not even the control connection gets one. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_leak_that_holds_the_poolers_last_session_is_ended_all_the_same(boolean seenBefore) throws SQLException {
        Pooler pooler = pooler("transaction", 1);
        ServiceJvm service = service("exhausting", "");
        pool(service, pooler);
        service.run(stage -> stage.borrow("pool", "leak"));
        if (seenBefore) {
            service.backends().refresh();
        }
        service.run(stage -> {
            stage.connection("leak").setAutoCommit(false);
            stage.execute("leak", "SELECT txid_current()");
        });
        String id = service.backends().getBackends()[0].id();
        Receipt receipt = service.backends().terminate(id);
        assertThat(receipt.outcome()).as(receipt.toString()).isIn("GONE", "STILL_THERE", "FAILED");
        assertThat(receipt.rung()).as(receipt.toString()).isEqualTo("local");
        assertThat(receipt.slotFreed()).isTrue();
        try (Connection stranger = stranger(pooler)) {
            assertThat(column(stranger, "SELECT 3")).containsExactly("3");
        }
    }

    @Test
    void the_operations_for_many_leave_them_alone() {
        Pooler pooler = pooler("transaction", 10);
        ServiceJvm service = service("many", "");
        Sessions sessions = sessions(service, pooler);
        sessions.idleInTransaction("idle in transaction");
        sleep(sessions, "victim");
        service.backends().refresh();
        assertThat(service.backends().terminateLeaked(false)).isEmpty();
        assertThat(service.backends().terminateActive(1, false)).isEmpty();
        assertThat(service.backends().terminateIdleInTransaction(1, false)).isEmpty();
        assertThat(sleeping()).containsExactly("victim");
    }

    @Test
    void an_id_with_the_start_of_a_backend_is_refused() {
        Pooler pooler = pooler("transaction", 10);
        ServiceJvm service = service("stale", "");
        sessions(service, pooler).idle("orders");
        Receipt receipt = service.backends().terminate(only(service.backends()).id() + "#1700000000000000");
        assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("REFUSED");
    }

    @Test
    void while_it_is_down_nothing_is_claimed_and_when_it_is_back_all_is_well() {
        Pooler pooler = pooler("transaction", 10);
        ServiceJvm service = service("gone", "");
        sessions(service, pooler).idle("orders");
        String id = only(service.backends()).id();
        pooler.close();
        service.backends().refresh();
        assertThat(service.backends().getProblems()).isNotEmpty();
        Receipt receipt = service.backends().cancel(id);
        assertThat(receipt.outcome()).as(receipt.toString()).isIn("FAILED", "REFUSED", "ALREADY_GONE");
    }

    private Pooler pooler(String mode, int size) {
        Pooler pooler = Pooler.pgBouncer(server, mode, size);
        open.add(pooler);
        return pooler;
    }

    private ServiceJvm service(String app, String options) {
        ServiceJvm service = ServiceJvm.plan().agent("app=" + app + options).start();
        open.add(service);
        return service;
    }

    private static Sessions sessions(ServiceJvm service, Pooler pooler) {
        return new Sessions(service, pooler.url(), APP, SECRET);
    }

    private static void pool(ServiceJvm service, Pooler pooler) {
        String url = pooler.url();
        service.run(stage -> {
            HikariDataSource pool = stage.put("pool", new HikariDataSource());
            pool.setJdbcUrl(url);
            pool.setUsername(APP);
            pool.setPassword(SECRET);
            pool.setMaximumPoolSize(1);
            pool.setConnectionTimeout(10_000);
        });
    }

    /** Returns when the server shows it. */
    private Running<@Nullable Void> sleep(Sessions sessions, String name) {
        sessions.idle(name);
        Running<@Nullable Void> running =
                sessions.start(name, "SELECT pg_sleep(60) /* " + name + " */ /* " + mark + " */");
        await().atMost(ServiceJvm.DEADLINE).until(() -> sleeping().contains(name));
        return running;
    }

    /** Which of the sleepers of this test the server still runs. */
    private List<@Nullable String> sleeping() {
        return server.column(
                "SELECT substring(query FROM '/[*] ([a-z]+) [*]/') FROM pg_stat_activity"
                        + " WHERE state = 'active' AND query LIKE 'SELECT pg_sleep(60)%/* ' || ? || ' */' ORDER BY 1",
                mark);
    }

    /** The id of the connection whose thread runs under that name. */
    private static String id(ServiceJvm service, String name) {
        String reported = service.ask(stage ->
                stage.connection(name).unwrap(org.postgresql.PGConnection.class).getBackendPID());
        service.backends().refresh();
        for (Backend backend : service.backends().getBackends()) {
            if (backend.pid() == Integer.parseInt(reported)) {
                return backend.id();
            }
        }
        throw new AssertionError("no pid " + reported);
    }

    private static Backend only(BackendsMXBean bean) {
        bean.refresh();
        Backend[] backends = bean.getBackends();
        assertThat(backends).hasSize(1);
        return backends[0];
    }

    private static Connection stranger(Pooler pooler) throws SQLException {
        return DriverManager.getConnection(pooler.url() + "&ApplicationName=stranger", APP, SECRET);
    }

    private static List<@Nullable String> column(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<@Nullable String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
