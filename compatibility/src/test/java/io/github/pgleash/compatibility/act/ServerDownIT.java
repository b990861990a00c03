// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.OwnProcess;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.server.Shutdown;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import org.junit.jupiter.api.Test;

/** A server that is down is a problem until it is back, and its backends can be neither ended nor said to be gone. */
final class ServerDownIT {
    @Test
    void nothing_is_claimed_while_the_server_is_down_and_all_is_well_when_it_is_back() {
        try (PostgresServer server = PostgresServers.plan().start();
                ServiceJvm service = ServiceJvm.plan().agent("app=patient").start()) {
            OwnProcess process = server.requireOwnProcess();
            Sessions sessions = Sessions.of(service, server);
            String id = new Onlooker(server).id(sessions.idleInTransaction("orders"));
            sessions.idle("other");
            BackendsMXBean bean = service.backends();
            bean.refresh();
            assertThat(bean.getProblems()).isEmpty();

            process.stop(Shutdown.IMMEDIATE);
            Receipt receipt = bean.terminate(id);
            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("FAILED");
            assertThat(receipt.rung()).isEqualTo("local");
            assertThat(receipt.reason()).contains("its socket was closed", "the server could not be asked");
            bean.refresh();
            assertThat(bean.getProblems())
                    .hasSize(1)
                    .allSatisfy(problem -> assertThat(problem)
                            .contains("app@" + server.host() + ":" + server.port())
                            .doesNotContain(PostgresServer.SECRET));
            assertThat(bean.getServers())
                    .hasSize(1)
                    .allSatisfy(line -> assertThat(line).contains("cannot be asked"));

            process.start();
            assertThat(bean.terminate(id).outcome()).isEqualTo("ALREADY_GONE");
            int pid = sessions.idle("stock");
            bean.refresh();
            assertThat(bean.getProblems()).isEmpty();
            assertThat(bean.getServers())
                    .hasSize(1)
                    .allSatisfy(line -> assertThat(line).contains("PostgreSQL"));
            assertThat(bean.terminate(Integer.toString(pid)).outcome()).isEqualTo("GONE");
        }
    }
}
