// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.BackendsObjectName;
import io.github.pgleash.jmx.Receipt;
import java.nio.file.Path;
import java.util.Arrays;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Looking is for the JMX role {@code readonly}, acting only for {@code readwrite}, and receipts say who it was. */
final class RolesIT {
    private final PostgresServer server = PostgresServers.shared();

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void readonly_looks_and_readwrite_acts_under_its_name(int java, @TempDir Path folder) throws Exception {
        try (RemoteService service = RemoteService.start(java, "app=guarded", folder);
                JMXConnector spectator = service.connect(RemoteService.READONLY);
                JMXConnector operator = service.connect(RemoteService.READWRITE)) {
            String id =
                    new Onlooker(server).id(Sessions.of(service.jvm(), server).idleInTransaction("orders"));
            service.jvm().backends().refresh();

            assertOnlyLooks(spectator.getMBeanServerConnection(), id);
            assertThat(new Onlooker(server).sees(id)).isTrue();

            BackendsMXBean bean = BackendsObjectName.newProxy(operator.getMBeanServerConnection());
            bean.setAutomaticActions(false);
            assertThat(bean.isAutomaticActions()).isFalse();
            Receipt receipt = bean.terminate(id);
            assertThat(receipt.outcome()).isEqualTo("GONE");
            assertThat(receipt.by()).startsWith(RemoteService.READWRITE + " ").contains("127.0.0.1");
            assertThat(service.jvm().awaitStderr("terminate \\d+")).contains("by " + RemoteService.READWRITE);
        }
    }

    private static void assertOnlyLooks(MBeanServerConnection jmx, String id) throws Exception {
        String[] attributes = Arrays.stream(
                        jmx.getMBeanInfo(BackendsObjectName.BACKENDS).getAttributes())
                .map(MBeanFeatureInfo::getName)
                .toArray(String[]::new);
        assertThat(jmx.getAttributes(BackendsObjectName.BACKENDS, attributes)).hasSize(attributes.length);
        BackendsMXBean bean = BackendsObjectName.newProxy(jmx);
        assertThat(bean.getBackends()).hasSize(1);
        assertThat(bean.isAutomaticActions()).isTrue();
        assertThatExceptionOfType(SecurityException.class).isThrownBy(() -> bean.setAutomaticActions(false));
        assertThatExceptionOfType(SecurityException.class).isThrownBy(() -> bean.cancel(id));
        assertThatExceptionOfType(SecurityException.class).isThrownBy(() -> bean.terminate(id));
        assertThatExceptionOfType(SecurityException.class).isThrownBy(() -> bean.terminateIdleInTransaction(1, false));
        assertThat(bean.isAutomaticActions()).isTrue();
    }
}
