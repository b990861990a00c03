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
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where no pid is told, as by RDS Proxy, each connection still has an id of its own, and can be closed by it. */
final class NoPidIT {
    @Test
    void connections_without_a_pid_are_told_apart_and_closed_one_by_one() throws IOException {
        PostgresServer server = PostgresServers.shared();
        try (Meddler proxy = Meddler.before(server);
                ServiceJvm service = ServiceJvm.plan().agent("app=anonymous").start()) {
            proxy.tellNoPid();
            Sessions sessions = new Sessions(service, proxy.url(), APP, SECRET);
            int first = sessions.idle("first");
            int second = sessions.idle("second");
            BackendsMXBean bean = service.backends();
            bean.refresh();
            assertThat(bean.getProblems()).isEmpty();
            assertThat(bean.getServers()[0]).contains("through a pooler");
            List<String> ids =
                    Arrays.stream(bean.getBackends()).map(Backend::id).toList();
            assertThat(ids)
                    .hasSize(2)
                    .doesNotHaveDuplicates()
                    .allSatisfy(id -> assertThat(id).matches("0@127[.]0[.]0[.]1:\\d+#c\\d+"));

            Receipt both = bean.terminate(ids.get(0).substring(0, ids.get(0).indexOf('#')));
            assertThat(both.outcome()).as(both.toString()).isEqualTo("REFUSED");
            assertThat(both.reason()).contains(ids);
            Receipt receipt = bean.terminate(ids.get(0));
            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("GONE");
            assertThat(receipt.rung()).isEqualTo("local");
            new Onlooker(server).await(first, Onlooker.GONE);
            assertThat(sessions.query("second", "SELECT pg_backend_pid()")).isEqualTo(Integer.toString(second));
            assertThat(bean.terminate(ids.get(0)).outcome()).isIn("ALREADY_GONE", "REFUSED");
        }
    }
}
