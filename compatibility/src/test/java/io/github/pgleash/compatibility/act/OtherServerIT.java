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
import io.github.pgleash.compatibility.wire.WireTap;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One address leads to another server in the next moment: what was seen on the first is not looked for on the second. */
final class OtherServerIT {
    private static final String END_CONTROL =
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name LIKE 'pgleash of moving@%'";

    @Test
    void a_backend_of_the_first_server_is_neither_ended_nor_said_to_be_gone_by_the_second() {
        PostgresServer first = PostgresServers.shared();
        try (PostgresServer second = PostgresServers.plan().start();
                WireTap address = WireTap.before(first);
                ServiceJvm service = ServiceJvm.plan().agent("app=moving").start()) {
            Sessions sessions = new Sessions(service, address.url(), APP, SECRET);
            int there = sessions.idleInTransaction("before");
            BackendsMXBean bean = service.backends();
            bean.refresh();
            String id = bean.getBackends()[0].id();
            assertThat(id).startsWith(there + "@").contains("#");

            address.leadTo(second);
            first.execute(END_CONTROL);
            for (Receipt receipt : List.of(bean.terminate(id), bean.cancel(id))) {
                assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("REFUSED");
                assertThat(receipt.reason()).contains("another server");
            }
            assertThat(new Onlooker(first).state(there)).isEqualTo("idle in transaction");
            assertThat(sessions.query("before", "SELECT pg_backend_pid()")).isEqualTo(Integer.toString(there));

            int here = sessions.idleInTransaction("after");
            bean.refresh();
            assertThat(Arrays.stream(bean.getBackends()).map(Backend::pid)).containsExactlyInAnyOrder(there, here);
            assertThat(bean.getLeaked()).isZero();
            Receipt receipt = bean.terminate(Integer.toString(here));
            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("GONE");
            assertThat(new Onlooker(second).state(here)).isEqualTo(Onlooker.GONE);
            assertThat(new Onlooker(first).state(there)).isEqualTo("idle in transaction");

            address.leadTo(first);
            second.execute(END_CONTROL);
            receipt = bean.terminate(id);
            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("GONE");
            assertThat(new Onlooker(first).state(there)).isEqualTo(Onlooker.GONE);
        }
    }

    /** The control connection stays with the first server, and the application's new connections are on the second. */
    @Test
    void a_control_connection_that_stays_behind_is_replaced_when_it_is_asked_for_what_it_cannot_know() {
        PostgresServer first = PostgresServers.shared();
        try (PostgresServer second = PostgresServers.plan().start();
                WireTap address = WireTap.before(first);
                ServiceJvm service =
                        ServiceJvm.plan().agent("app=moving,control.reserve=on").start()) {
            Sessions sessions = new Sessions(service, address.url(), APP, SECRET);
            int there = sessions.idleInTransaction("before");
            BackendsMXBean bean = service.backends();
            bean.refresh();

            address.leadTo(second);
            int seen = sessions.idleInTransaction("seen");
            int unseen = sessions.idleInTransaction("unseen");
            assertThat(bean.terminate(Integer.toString(unseen)).outcome()).isEqualTo("GONE");
            assertThat(new Onlooker(second).state(unseen)).isEqualTo(Onlooker.GONE);
            bean.refresh();
            assertThat(bean.getBackends()).extracting(Backend::state).contains("idle in transaction");
            assertThat(bean.terminate(Integer.toString(seen)).outcome()).isEqualTo("GONE");
            assertThat(new Onlooker(first).state(there)).isEqualTo("idle in transaction");
            assertThat(first.column(
                            "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'pgleash of moving@%'"))
                    .isEmpty();
        }
    }
}
