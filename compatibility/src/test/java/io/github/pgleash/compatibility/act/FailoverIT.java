// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.act;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static io.github.pgleash.compatibility.server.PostgresServer.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.OwnProcess;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.server.Shutdown;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import org.junit.jupiter.api.Test;

/** A primary with a streaming standby, and a URL that names both: after the failover, all that was known before is void. */
final class FailoverIT {
    @Test
    void a_failover_carries_no_pid_over() {
        try (PostgresServer primary = PostgresServers.plan().start();
                PostgresServer standby = primary.requireOwnProcess().standby();
                ServiceJvm service = ServiceJvm.plan().agent("app=surviving").start()) {
            OwnProcess process = primary.requireOwnProcess();
            String url = "jdbc:postgresql://localhost:%d,localhost:%d/%s?targetServerType=primary&hostRecheckSeconds=0"
                    .formatted(primary.port(), standby.port(), SHOP);
            Sessions sessions = new Sessions(service, url, APP, SECRET);
            int before = sessions.idleInTransaction("before");
            int reader = Sessions.of(service, standby).idleInTransaction("reader");
            BackendsMXBean bean = service.backends();
            bean.refresh();
            assertThat(bean.getProblems()).isEmpty();
            assertThat(bean.getBackends())
                    .extracting(Backend::pid, Backend::server)
                    .containsExactlyInAnyOrder(
                            tuple(before, "localhost:" + primary.port()), tuple(reader, "localhost:" + standby.port()));
            String old = new Onlooker(primary).id(before);

            process.stop(Shutdown.IMMEDIATE);
            standby.execute("SELECT pg_promote()");
            await().atMost(ServiceJvm.DEADLINE)
                    .until(() -> standby.look("SELECT pg_is_in_recovery()").equals("f"));
            Receipt down = bean.cancel(old);
            assertThat(down.outcome()).as(down.toString()).isIn("FAILED", "REFUSED", "STILL_THERE");

            int after = sessions.idleInTransaction("after");
            bean.refresh();
            assertThat(bean.getBackends())
                    .extracting(Backend::pid, Backend::server)
                    .contains(tuple(after, "localhost:" + standby.port()));
            Receipt stale = bean.terminate(old.replace("localhost:" + primary.port(), "localhost:" + standby.port()));
            assertThat(stale.outcome()).as(stale.toString()).isEqualTo("REFUSED");
            String made = after + "@localhost:" + standby.port() + old.substring(old.indexOf('#'));
            stale = bean.terminate(made);
            assertThat(stale.outcome()).as(stale.toString()).isEqualTo("REFUSED");
            assertThat(new Onlooker(standby).state(after)).isEqualTo("idle in transaction");
            assertThat(new Onlooker(standby).state(reader)).isEqualTo("idle in transaction");

            process.start();
            Receipt gone = bean.terminate(old);
            assertThat(gone.outcome()).as(gone.toString()).isEqualTo("ALREADY_GONE");
            Receipt ended = bean.terminate(new Onlooker(standby).id(after));
            assertThat(ended.outcome()).as(ended.toString()).isEqualTo("GONE");
            assertThat(new Onlooker(standby).state(reader)).isEqualTo("idle in transaction");
        }
    }
}
