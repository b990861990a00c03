// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import org.junit.jupiter.api.Test;

/** What was done is on record: the last receipts, newest first, and how many of each kind there ever were. */
final class ReceiptsIT {
    private final PostgresServer server = PostgresServers.shared();

    @Test
    void receipts_are_kept_newest_first_up_to_two_hundred_and_all_are_counted() {
        try (ServiceJvm service = ServiceJvm.plan().agent("app=recorded").start()) {
            Sessions sessions = Sessions.of(service, server);
            BackendsMXBean bean = backends(service, sessions);
            int pid = sessions.active("report", "SELECT pg_sleep(300)");
            new Onlooker(server).await(pid, "active");
            Receipt cancelled = bean.cancel(Integer.toString(pid));
            assertThat(bean.getReceipts()).containsExactly(cancelled);
            Receipt terminated = bean.terminate(Integer.toString(pid));
            assertThat(bean.getReceipts()).containsExactly(terminated, cancelled);
            for (int i = 0; i < 205; i++) {
                bean.cancel("no id " + i);
            }
            Receipt[] receipts = bean.getReceipts();
            assertThat(receipts).hasSize(200);
            assertThat(receipts[0].backend()).isEqualTo("no id 204");
            assertThat(Arrays.stream(receipts).map(Receipt::time).map(Instant::parse))
                    .isSortedAccordingTo(Comparator.reverseOrder());
            assertThat(bean.getCancelled()).isEqualTo(1);
            assertThat(bean.getTerminated()).isEqualTo(1);
            assertThat(bean.getRefused()).isEqualTo(205);
        }
    }

    private static BackendsMXBean backends(ServiceJvm service, Sessions sessions) {
        sessions.idle("orders");
        return service.backends();
    }
}
