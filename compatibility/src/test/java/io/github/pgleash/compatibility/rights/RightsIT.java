// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.rights;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be done is what the server says, is shown in {@code Servers}, and holds when it is tried. */
final class RightsIT {
    private static final String MAY_ALL = "may list and end the sessions of role " + APP;

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void the_own_role_may_list_and_end_its_sessions_without_any_grant(int major) {
        PostgresServer server = ServerOfMajor.get(major);
        try (ServiceJvm service = ServiceJvm.plan().agent("app=own").start()) {
            int pid = Sessions.of(service, server).idleInTransaction("job");
            assertThat(servers(service)).contains("as role " + APP + ", " + MAY_ALL);
            assertThat(terminate(service, server, pid)).isEqualTo("GONE");
            assertThat(service.backends().getProblems()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void a_role_with_both_grants_may_list_and_end_anothers_sessions(int major) {
        PostgresServer server = ServerOfMajor.get(major);
        server.createRole("operator", SECRET, "");
        server.execute("GRANT pg_read_all_stats, pg_signal_backend TO operator");
        try (ServiceJvm service = controlledBy("operator")) {
            Sessions sessions = Sessions.of(service, server);
            int job = sessions.idleInTransaction("job");
            int query = sessions.active("query", "SELECT pg_sleep(300)");
            new Onlooker(server).await(query, "active");
            assertThat(servers(service)).contains("as role operator, " + MAY_ALL);
            assertThat(service.backends().cancel(new Onlooker(server).id(query)).outcome())
                    .isEqualTo("CANCELLED");
            assertThat(terminate(service, server, job)).isEqualTo("GONE");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void a_member_of_the_applications_role_may_list_and_end_its_sessions(int major) {
        PostgresServer server = ServerOfMajor.get(major);
        server.createRole("colleague", SECRET, "");
        server.execute("GRANT " + APP + " TO colleague");
        try (ServiceJvm service = controlledBy("colleague")) {
            int pid = Sessions.of(service, server).idleInTransaction("job");
            assertThat(servers(service)).contains("as role colleague, " + MAY_ALL);
            assertThat(terminate(service, server, pid)).isEqualTo("GONE");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void a_member_that_does_not_inherit_may_not_and_is_not_said_to(int major) {
        PostgresServer server = ServerOfMajor.get(major);
        server.createRole("heirless", SECRET, "NOINHERIT");
        server.execute("GRANT " + APP + " TO heirless");
        try (ServiceJvm service = controlledBy("heirless")) {
            int pid = Sessions.of(service, server).idleInTransaction("job");
            assertThat(servers(service)).contains("may not see the sessions of role " + APP);
            assertThat(terminate(service, server, pid)).isEqualTo("REFUSED");
            assertThat(new Onlooker(server).state(pid)).isEqualTo("idle in transaction");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void a_role_that_only_sees_is_denied_and_the_denial_is_shown_until_a_grant_has_helped(int major) {
        PostgresServer server = ServerOfMajor.get(major);
        server.createRole("watcher", SECRET, "");
        server.execute("GRANT pg_read_all_stats TO watcher");
        server.execute("REVOKE pg_signal_backend FROM watcher");
        try (ServiceJvm service = controlledBy("watcher")) {
            int pid = Sessions.of(service, server).idleInTransaction("job");
            assertThat(servers(service))
                    .contains("as role watcher, may list the sessions of role " + APP + ", not end them")
                    .contains("pg_signal_backend")
                    .doesNotContain("denied");
            assertThat(terminate(service, server, pid)).isEqualTo("DENIED");
            assertThat(new Onlooker(server).state(pid)).isEqualTo("idle in transaction");
            assertThat(servers(service)).contains("denied on role " + APP + " at 20");

            server.execute("GRANT pg_signal_backend TO watcher");
            assertThat(servers(service)).contains(MAY_ALL);
            assertThat(terminate(service, server, pid)).isEqualTo("GONE");
            Sessions.of(service, server).idle("another");
            assertThat(servers(service)).contains(MAY_ALL).doesNotContain("denied");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void a_role_that_could_signal_and_does_not_see_is_refused_and_told_what_it_lacks(int major) {
        PostgresServer server = ServerOfMajor.get(major);
        server.createRole("blind", SECRET, "");
        server.execute("GRANT pg_signal_backend TO blind");
        server.execute("REVOKE pg_read_all_stats FROM blind");
        try (ServiceJvm service = controlledBy("blind")) {
            int pid = Sessions.of(service, server).idleInTransaction("job");
            String lack = "may not see the sessions of role " + APP;
            assertThat(servers(service)).contains(lack).contains("it needs pg_read_all_stats, or");
            assertThat(service.backends().getProblems())
                    .hasSize(1)
                    .allSatisfy(problem -> assertThat(problem).contains(lack).contains("pg_read_all_stats"));
            assertThat(service.backends().getBackends())
                    .extracting(Backend::notes)
                    .containsExactly("server's side not known");
            Receipt receipt = service.backends().terminate(new Onlooker(server).id(pid));
            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("REFUSED");
            assertThat(receipt.reason()).contains("hidden from role blind").contains("pg_read_all_stats");
            assertThat(new Onlooker(server).state(pid)).isEqualTo("idle in transaction");

            server.execute("GRANT pg_read_all_stats TO blind");
            assertThat(servers(service)).contains(MAY_ALL);
            assertThat(service.backends().getProblems()).isEmpty();
            assertThat(terminate(service, server, pid)).isEqualTo("GONE");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void superusers_may_end_their_sessions_and_nobody_else_may(int major) {
        PostgresServer server = ServerOfMajor.get(major);
        server.createRole("operator", SECRET, "");
        server.execute("GRANT pg_read_all_stats, pg_signal_backend TO operator");
        try (ServiceJvm own = ServiceJvm.plan().agent("app=almighty").start();
                ServiceJvm controlled = controlledBy("operator")) {
            int pid = superusers(own, server).idleInTransaction("job");
            assertThat(servers(own)).contains("as superuser, may list and end any session of this JVM");
            assertThat(terminate(own, server, pid)).isEqualTo("GONE");

            int safe = superusers(controlled, server).idleInTransaction("job");
            assertThat(servers(controlled))
                    .contains("may list the sessions of role " + server.superuser() + ", not end them")
                    .contains("only a superuser may end");
            assertThat(terminate(controlled, server, safe)).isEqualTo("DENIED");
            assertThat(new Onlooker(server).state(safe)).isEqualTo("idle in transaction");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void of_several_roles_it_is_said_which_may_be_ended(int major) {
        PostgresServer server = ServerOfMajor.get(major);
        server.createRole("operator", SECRET, "");
        server.execute("GRANT pg_read_all_stats, pg_signal_backend TO operator");
        server.createRole("billing", SECRET, "");
        try (ServiceJvm service = controlledBy("operator")) {
            Sessions.of(service, server).idle("orders");
            new Sessions(service, server.url(), "billing", SECRET).idle("bills");
            superusers(service, server).idle("root");
            assertThat(servers(service))
                    .contains("may list and end the sessions of role app, billing")
                    .contains("may list the sessions of role " + server.superuser() + ", not end them");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void a_session_that_has_set_another_role_is_listed_and_ended_as_that_of_its_login(int major) {
        PostgresServer server = ServerOfMajor.get(major);
        server.createRole("reader", SECRET, "");
        server.execute("GRANT reader TO " + APP);
        try (ServiceJvm service = ServiceJvm.plan().agent("app=setrole").start()) {
            Sessions sessions = Sessions.of(service, server);
            int pid = sessions.idle("job");
            sessions.execute("job", "SET ROLE reader");
            sessions.begin("job");
            assertThat(servers(service)).contains(MAY_ALL);
            assertThat(service.backends().getBackends())
                    .extracting(Backend::usename)
                    .containsExactly(APP);
            assertThat(terminate(service, server, pid)).isEqualTo("GONE");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void the_control_connection_keeps_the_role_that_logs_in_where_sessions_begin_with_another(int major) {
        PostgresServer server = ServerOfMajor.get(major);
        server.createRole("reader", SECRET, "");
        server.createRole("changer", SECRET, "");
        server.execute("GRANT reader TO changer");
        server.execute("ALTER ROLE changer SET role = 'reader'");
        try (ServiceJvm service = ServiceJvm.plan().agent("app=changed").start()) {
            Sessions sessions = new Sessions(service, server.url(), "changer", SECRET);
            int pid = sessions.idleInTransaction("job");
            assertThat(sessions.query("job", "SELECT current_user")).isEqualTo("reader");
            assertThat(servers(service)).contains("as role changer, may list and end the sessions of role changer");
            assertThat(terminate(service, server, pid)).isEqualTo("GONE");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void a_control_role_is_not_told_to_become_a_role_that_only_the_application_may(int major) {
        PostgresServer server = ServerOfMajor.get(major);
        server.createRole("operator", SECRET, "");
        server.execute("GRANT pg_read_all_stats, pg_signal_backend TO operator");
        server.createRole("reader", SECRET, "");
        server.execute("GRANT reader TO " + APP);
        String url = server.url() + "?options=-c%20statement_timeout=5min%20-c%20role=reader%20-c%20work_mem=1MB";
        try (ServiceJvm own = ServiceJvm.plan().agent("app=become").start();
                ServiceJvm controlled = controlledBy("operator")) {
            for (ServiceJvm service : new ServiceJvm[] {own, controlled}) {
                Sessions sessions = new Sessions(service, url, APP, SECRET);
                int pid = sessions.idleInTransaction("job");
                assertThat(sessions.query("job", "SELECT current_user")).isEqualTo("reader");
                assertThat(servers(service)).contains(MAY_ALL);
                assertThat(terminate(service, server, pid)).isEqualTo("GONE");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void functions_of_the_applications_schema_are_not_called_by_the_control_connection(int major) {
        PostgresServer server = ServerOfMajor.get(major);
        server.execute("CREATE SCHEMA IF NOT EXISTS trap AUTHORIZATION " + APP);
        server.execute("CREATE OR REPLACE FUNCTION trap.current_setting(text) RETURNS text LANGUAGE sql AS "
                + "$$ SELECT 'trapped' || 1 / 0 $$");
        server.execute("CREATE OR REPLACE FUNCTION trap.\"left\"(text, int) RETURNS text LANGUAGE sql AS "
                + "$$ SELECT 'trapped' $$");
        server.execute(
                "CREATE OR REPLACE FUNCTION trap.host(inet) RETURNS text LANGUAGE sql AS " + "$$ SELECT 'trapped' $$");
        server.execute("GRANT USAGE ON SCHEMA trap TO PUBLIC");
        String url = server.url() + "?options=-c%20search_path=trap,pg_catalog";
        try (ServiceJvm service = ServiceJvm.plan().agent("app=trap,query=full").start()) {
            Sessions sessions = new Sessions(service, url, APP, SECRET);
            int pid = sessions.idleInTransaction("job");
            assertThat(sessions.query("job", "SELECT host('127.0.0.1'::inet)")).isEqualTo("trapped");
            assertThat(servers(service)).contains(MAY_ALL).doesNotContain("trapped");
            BackendsMXBean bean = service.backends();
            assertThat(bean.explain(Integer.toString(pid)))
                    .contains("SELECT host")
                    .doesNotContain("trapped");
            assertThat(terminate(service, server, pid)).isEqualTo("GONE");
        }
    }

    private static ServiceJvm controlledBy(String role) {
        return ServiceJvm.plan()
                .agent("app=rights,control.user=" + role + ",control.password=" + SECRET)
                .start();
    }

    private static Sessions superusers(ServiceJvm service, PostgresServer server) {
        return new Sessions(service, server.url(), server.superuser(), server.superuserPassword());
    }

    /** The only line, fresh. */
    private static String servers(ServiceJvm service) {
        service.backends().refresh();
        assertThat(service.backends().getServers()).hasSize(1);
        return service.backends().getServers()[0];
    }

    private static String terminate(ServiceJvm service, PostgresServer server, int pid) {
        Receipt receipt = service.backends().terminate(pid + "@" + server.host() + ":" + server.port());
        boolean gone = new Onlooker(server).state(pid).equals(Onlooker.GONE);
        assertThat(gone).as(receipt.toString()).isEqualTo(receipt.outcome().equals("GONE"));
        return receipt.outcome();
    }
}
