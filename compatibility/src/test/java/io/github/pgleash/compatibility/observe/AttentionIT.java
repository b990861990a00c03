// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.observe;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.wire.WireTap;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.BackendsObjectName;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Attributes answer from memory, whatever the network does, and have the snapshot renewed behind the reader's back. */
final class AttentionIT {
    private final WireTap tap = WireTap.before(PostgresServers.shared());
    private final ServiceJvm service =
            ServiceJvm.plan().agent("app=watched,patrol.interval=100ms").start();
    private final BackendsMXBean bean;

    AttentionIT() {
        new Sessions(service, tap.url(), APP, SECRET).idle("orders");
        bean = service.backends();
    }

    @AfterEach
    void close() throws IOException {
        tap.resume();
        service.close();
        tap.close();
    }

    @Test
    void there_is_no_snapshot_before_somebody_looks_and_one_soon_after() {
        assertThat(bean.getConnections()).isEqualTo(1);
        assertThat(bean.getSnapshotAgeMillis()).isEqualTo(-1);
        await().atMost(ServiceJvm.DEADLINE).until(() -> bean.getIdle() == 1);
        assertThat(bean.getSnapshotAgeMillis()).isNotNegative();
    }

    @Test
    void snapshots_stay_fresh_while_somebody_reads() {
        bean.refresh();
        await().during(Duration.ofSeconds(4))
                .atMost(ServiceJvm.DEADLINE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> bean.getSnapshotAgeMillis() < 3_500);
    }

    @Test
    void attributes_answer_at_once_from_the_old_snapshot_while_the_server_does_not() throws JMException, IOException {
        bean.refresh();
        tap.stall();
        await().atMost(ServiceJvm.DEADLINE).until(() -> bean.getSnapshotAgeMillis() > 4_000);
        long began = System.nanoTime();
        readAll();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
        assertThat(bean.getIdle()).isEqualTo(1);
        assertThat(bean.getSnapshotAgeMillis()).isGreaterThan(4_000);
        tap.resume();
        await().atMost(ServiceJvm.DEADLINE).until(() -> bean.getSnapshotAgeMillis() < 2_000);
        assertThat(bean.getIdle()).isEqualTo(1);
    }

    /** All of them, as JConsole does. */
    private void readAll() throws JMException, IOException {
        MBeanServerConnection jmx = service.jmx();
        String[] names = Arrays.stream(
                        jmx.getMBeanInfo(BackendsObjectName.BACKENDS).getAttributes())
                .map(MBeanAttributeInfo::getName)
                .toArray(String[]::new);
        assertThat(jmx.getAttributes(BackendsObjectName.BACKENDS, names).asList())
                .hasSize(names.length)
                .allSatisfy(attribute -> Objects.requireNonNull(attribute.getValue()));
    }
}
