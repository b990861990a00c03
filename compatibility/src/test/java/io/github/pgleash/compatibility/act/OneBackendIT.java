// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.OwnProcess;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.Running;
import io.github.pgleash.compatibility.service.ScriptFailed;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Every outcome that one backend can have; up to PostgreSQL 13 pgleash waits for its end, from 14 on the server does. */
@ParameterizedClass
@MethodSource("oldestAndNewest")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // Which does not know the methods that run before an invocation.
final class OneBackendIT {
    private static final String SLEEP = "SELECT pg_sleep(300)";

    @Parameter
    int version;

    private PostgresServer server;
    private ServiceJvm service;
    private Sessions sessions;
    private Onlooker onlooker;
    private int opened;

    static List<Integer> oldestAndNewest() {
        List<Integer> majors = PostgresServers.majors();
        return Stream.of(majors.get(0), majors.get(majors.size() - 1))
                .distinct()
                .toList();
    }

    @BeforeParameterizedClassInvocation
    void start(int major) {
        server = PostgresServers.start(major);
        service = ServiceJvm.plan().agent("app=shop").start();
        sessions = Sessions.of(service, server);
        onlooker = new Onlooker(server);
        sessions.idle("bystander");
    }

    @AfterParameterizedClassInvocation
    void close() {
        if (service != null) { // skipped, where this version cannot be had
            service.close();
            server.close();
        }
    }

    @Test
    void terminating_ends_a_backend_and_has_seen_it_gone_by_each_form_of_its_id() {
        int whole = sessions.idle(next());
        int withServer = sessions.idleInTransaction(next());
        int bare = active(next());
        for (String id : List.of(onlooker.id(whole), onlooker.shortId(withServer), Integer.toString(bare))) {
            int pid = Integer.parseInt(id.split("@", 2)[0]);
            String wholeId = onlooker.id(pid);
            Receipt receipt = bean().terminate(id);
            assertThat(onlooker.sees(wholeId)).isFalse();
            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("GONE");
            assertThat(receipt.backend()).isEqualTo(wholeId);
            assertThat(receipt.rung()).isEqualTo("sql");
            assertThat(receipt.action()).isEqualTo("terminate");
        }
    }

    @Test
    void the_application_gets_a_clean_exception_at_its_next_use() {
        String name = next();
        int pid = sessions.idle(name);
        bean().terminate(Integer.toString(pid));
        assertThatExceptionOfType(ScriptFailed.class)
                .isThrownBy(() -> sessions.execute(name, "SELECT 1"))
                .satisfies(failed -> {
                    assertThat(failed.type()).isEqualTo("org.postgresql.util.PSQLException");
                    assertThat(failed.sqlState()).isEqualTo("08003"); // the driver knows at once that it is closed
                });
        assertThat(service.ask(stage -> stage.connection(name).isClosed())).isEqualTo("true");
        assertThat(sessions.query("bystander", "SELECT 42")).isEqualTo("42");
    }

    @Test
    void cancelling_ends_the_statement_and_spares_the_session() {
        String name = next();
        int pid = sessions.idle(name);
        Running<@Nullable Void> statement = sessions.start(name, SLEEP);
        onlooker.await(pid, "active");
        Receipt receipt = bean().cancel(onlooker.id(pid));
        assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("CANCELLED");
        assertThatExceptionOfType(ScriptFailed.class)
                .isThrownBy(statement::join)
                .satisfies(failed -> assertThat(failed.sqlState()).isEqualTo("57014"));
        assertThat(sessions.query(name, "SELECT pg_backend_pid()")).isEqualTo(Integer.toString(pid));
    }

    @Test
    void cancelling_what_runs_nothing_is_refused_and_says_what_to_do_instead() {
        int inTransaction = sessions.idleInTransaction(next());
        int aborted = sessions.aborted(next());
        for (int pid : List.of(inTransaction, aborted)) {
            Receipt receipt = bean().cancel(Integer.toString(pid));
            assertThat(receipt.outcome()).isEqualTo("REFUSED");
            assertThat(receipt.reason()).contains("idle in transaction").contains("terminate it");
        }
        Receipt idle = bean().cancel(Integer.toString(sessions.idle(next())));
        assertThat(idle.outcome()).isEqualTo("REFUSED");
        assertThat(idle.reason()).contains("idle");
        assertThat(onlooker.state(inTransaction)).isEqualTo("idle in transaction");
    }

    @Test
    void one_that_the_application_has_just_closed_is_gone_already() {
        String name = next();
        int pid = sessions.idle(name);
        bean().refresh();
        String id = onlooker.id(pid);
        sessions.close(name);
        assertThat(bean().terminate(id).outcome()).isEqualTo("ALREADY_GONE");
        assertThat(bean().cancel(id).outcome()).isEqualTo("ALREADY_GONE");
    }

    @Test
    void one_that_was_killed_from_outside_is_gone_already() {
        int pid = sessions.idle(next());
        String id = onlooker.id(pid);
        server.look("SELECT pg_terminate_backend(?)", pid);
        onlooker.await(pid, Onlooker.GONE);
        assertThat(bean().terminate(id).outcome()).isEqualTo("ALREADY_GONE");
        assertThat(bean().terminate(Integer.toString(pid)).outcome()).isEqualTo("ALREADY_GONE");
    }

    @Test
    void terminating_twice_finds_it_gone_the_second_time() {
        String id = onlooker.id(sessions.idleInTransaction(next()));
        assertThat(bean().terminate(id).outcome()).isEqualTo("GONE");
        assertThat(bean().terminate(id).outcome()).isEqualTo("ALREADY_GONE");
    }

    @Test
    void one_whose_process_is_stopped_is_still_there_and_said_to_be() {
        OwnProcess process = server.requireOwnProcess();
        int pid = active(next());
        String id = onlooker.id(pid);
        process.freeze(pid);
        try {
            Receipt cancelled = bean().cancel(id);
            assertThat(cancelled.outcome()).as(cancelled.toString()).isEqualTo("STILL_THERE");
            Receipt terminated = bean().terminate(id);
            assertThat(terminated.outcome()).as(terminated.toString()).isEqualTo("STILL_THERE");
            assertThat(terminated.elapsedMillis()).isBetween(4_000L, 8_000L);
            assertThat(onlooker.sees(id)).isTrue();
        } finally {
            process.thaw(pid);
        }
        onlooker.await(pid, Onlooker.GONE);
    }

    private int active(String name) {
        int pid = sessions.active(name, SLEEP);
        onlooker.await(pid, "active");
        return pid;
    }

    private String next() {
        return "session " + opened++;
    }

    private BackendsMXBean bean() {
        return service.backends();
    }
}
