// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.act;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Receipt;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the role of the control connection may not do is not done, and said. */
final class DeniedIT {
    private final PostgresServer server = PostgresServers.shared();
    private final Onlooker onlooker = new Onlooker(server);

    @Test
    void a_role_that_sees_but_may_not_signal_is_denied() {
        server.createRole("watcher", SECRET, "");
        server.execute("GRANT pg_read_all_stats TO watcher");
        try (ServiceJvm service = ServiceJvm.plan()
                .agent("app=denied,control.user=watcher,control.password=" + SECRET)
                .start()) {
            int pid = superusers(service).active("job", "SELECT pg_sleep(300)");
            onlooker.await(pid, "active");
            for (Receipt receipt : new Receipt[] {
                service.backends().cancel(onlooker.id(pid)), service.backends().terminate(onlooker.id(pid))
            }) {
                assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("DENIED");
                assertThat(receipt.reason())
                        .contains("the server did not allow it")
                        .doesNotContain(SECRET);
            }
            assertThat(onlooker.state(pid)).isEqualTo("active");
        }
    }

    @Test
    void a_role_that_cannot_see_who_it_is_is_refused() {
        try (ServiceJvm service = ServiceJvm.plan()
                .agent("app=blind,control.user=" + APP + ",control.password=" + SECRET)
                .start()) {
            int pid = superusers(service).idleInTransaction("job");
            Receipt receipt = service.backends().terminate(onlooker.id(pid));
            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("REFUSED");
            assertThat(receipt.reason()).contains(APP);
            assertThat(onlooker.state(pid)).isEqualTo("idle in transaction");
        }
    }

    @Test
    void among_many_the_one_that_is_denied_keeps_no_other_alive() {
        server.createRole("guard", SECRET, "");
        server.execute("GRANT pg_read_all_stats TO guard");
        try (ServiceJvm service = ServiceJvm.plan()
                .agent("app=mixed,control.user=guard,control.password=" + SECRET)
                .start()) {
            Sessions own = new Sessions(service, server.url(), "guard", SECRET);
            int first = own.idleInTransaction("first");
            int denied = superusers(service).idleInTransaction("superuser's");
            int last = own.idleInTransaction("last");
            for (int pid : List.of(first, denied, last)) {
                onlooker.awaitAge(pid, Duration.ofMillis(1_100));
            }
            Receipt[] receipts = service.backends().terminateIdleInTransaction(1, false);
            assertThat(receipts).extracting(Receipt::outcome).containsExactly("GONE", "DENIED", "GONE");
            assertThat(List.of(first, denied, last))
                    .extracting(onlooker::state)
                    .containsExactly(Onlooker.GONE, "idle in transaction", Onlooker.GONE);
        }
    }

    private Sessions superusers(ServiceJvm service) {
        return new Sessions(service, server.url(), server.superuser(), server.superuserPassword());
    }
}
