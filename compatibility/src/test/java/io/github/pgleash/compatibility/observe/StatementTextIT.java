// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of statements can be read anywhere at all: in the list, in explanations, in receipts, in the log. */
final class StatementTextIT {
    private static final String SECRETS =
            "SELECT 'hunter2', E'it\\'s hunter2', $$hunter2$$, 27182818284590452353, pg_sleep(300) /* hunter2 */ -- hunter2";

    private final PostgresServer server = PostgresServers.shared();

    @Test
    void masked_text_keeps_the_statement_and_hides_every_value() {
        assertThat(everythingShown("app=masked"))
                .anyMatch(text -> text.contains("pg_sleep(?)"))
                .noneMatch(text -> text.contains("hunter2"))
                .noneMatch(text -> text.contains("27182818284590452353"));
    }

    @Test
    void off_shows_no_statement_at_all() {
        assertThat(everythingShown("app=off,query=off"))
                .noneMatch(text -> text.contains("pg_sleep"))
                .noneMatch(text -> text.contains("hunter2"));
    }

    @Test
    void full_shows_the_statement_as_it_is_but_not_in_receipts_and_log() {
        try (ServiceJvm service = ServiceJvm.plan().agent("app=full,query=full").start()) {
            int pid = arrange(service);
            BackendsMXBean bean = service.backends();
            assertThat(bean.explain(Integer.toString(pid))).contains(SECRETS);
            assertThat(bean.terminate(Integer.toString(pid)).toString()).doesNotContain("hunter2");
            assertThat(service.awaitStderr("terminate " + pid)).doesNotContain("hunter2");
        }
    }

    @Test
    void masking_does_not_trust_backslashes() {
        try (ServiceJvm service = ServiceJvm.plan().agent("app=old").start()) {
            Sessions sessions = Sessions.of(service, server);
            int pid = sessions.idle("orders");
            sessions.execute("orders", "SET standard_conforming_strings = off; SET escape_string_warning = off");
            sessions.start("orders", "SELECT 'it\\'s hunter2', pg_sleep(300)");
            new Onlooker(server).await(pid, "active");
            service.backends().refresh();
            assertThat(service.backends().getBackends())
                    .extracting(Backend::query)
                    .noneMatch(text -> String.valueOf(text).contains("hunter2"));
            service.backends().terminate(Integer.toString(pid));
        }
    }

    private List<String> everythingShown(String options) {
        try (ServiceJvm service = ServiceJvm.plan().agent(options).start()) {
            String pid = Integer.toString(arrange(service));
            BackendsMXBean bean = service.backends();
            List<String> shown = new ArrayList<>();
            shown.add(bean.refresh());
            shown.add(bean.table());
            shown.add(bean.explain(pid));
            shown.addAll(List.of(bean.getTable()));
            Arrays.stream(bean.getBackends()).map(Backend::toString).forEach(shown::add);
            shown.add(bean.cancel("1").toString());
            shown.add(bean.cancel(pid).toString());
            shown.add(bean.terminate(pid).toString());
            shown.addAll(List.of(bean.getProblems()));
            shown.add(service.awaitStderr("terminate " + pid));
            shown.addAll(service.stderr());
            return shown;
        }
    }

    private int arrange(ServiceJvm service) {
        int pid = Sessions.of(service, server).active("orders", SECRETS);
        new Onlooker(server).await(pid, "active");
        return pid;
    }
}
