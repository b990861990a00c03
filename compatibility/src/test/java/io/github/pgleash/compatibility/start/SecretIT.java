// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.start;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.service.ServicePlan;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.BackendsObjectName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The password of the control connection is told to the server only, above all when it is wrong. */
final class SecretIT {
    private static final PostgresServer SERVER = PostgresServers.shared();
    private static final String HUSH = "hush";

    @TempDir
    Path folder;

    @Test
    void a_password_that_the_server_refuses_is_not_told() throws IOException, JMException {
        assertThatNothingIsTold(
                ServiceJvm.plan().environment("PGLEASH_CONTROL_PASSWORD", HUSH).agent(""));
    }

    @Test
    void a_password_in_a_control_url_that_is_wrong_is_not_told() throws IOException, JMException {
        Path config = folder.resolve("config");
        Files.writeString(
                config,
                "control.url=jdbc:postgresql://localhost:port/shop?password=" + HUSH + "\ncontrol.password=" + HUSH);
        assertThatNothingIsTold(ServiceJvm.plan().agent("config=" + config));
    }

    @Test
    void a_password_with_commas_and_equals_signs_is_not_told() throws IOException, JMException {
        assertThatNothingIsTold(ServiceJvm.plan().agent("control.password=a," + HUSH + "=b," + HUSH + ",query=off"));
    }

    @Test
    void the_applications_own_password_is_not_told() throws IOException, JMException {
        SERVER.createRole("discreet", HUSH, "");
        String url = SERVER.url() + "?password=" + HUSH;
        try (ServiceJvm service = ServiceJvm.plan().agent("query=full").start()) {
            service.run(stage -> stage.open("orders", url, "discreet", HUSH));
            assertThat(everythingToldBy(service)).isNotEmpty().noneMatch(text -> text.contains(HUSH));
        }
    }

    private static void assertThatNothingIsTold(ServicePlan plan) throws IOException, JMException {
        String url = SERVER.url();
        try (ServiceJvm service = plan.start()) {
            service.run(stage -> stage.open("orders", url, APP, SECRET));
            List<String> told = everythingToldBy(service);
            assertThat(told).noneMatch(text -> text.contains(HUSH)).noneMatch(text -> text.contains(SECRET));
            assertThat(told).anyMatch(text -> text.contains("cannot be read"));
        }
    }

    private static List<String> everythingToldBy(ServiceJvm service) throws IOException, JMException {
        BackendsMXBean bean = service.backends();
        List<String> told = new ArrayList<>();
        told.add(bean.refresh());
        told.add(bean.table());
        String backend = bean.getBackends()[0].id();
        told.add(bean.explain(backend));
        told.add(bean.cancel(backend).toString());
        told.add(bean.terminateIdleInTransaction(1, true).length + "");
        MBeanServerConnection jmx = service.jmx();
        for (MBeanAttributeInfo attribute :
                jmx.getMBeanInfo(BackendsObjectName.BACKENDS).getAttributes()) {
            add(told, jmx.getAttribute(BackendsObjectName.BACKENDS, attribute.getName()));
        }
        told.addAll(service.stderr());
        told.addAll(service.stdout());
        return told;
    }

    private static void add(List<String> told, Object value) {
        if (value instanceof Object[] values) {
            for (Object each : values) {
                add(told, each);
            }
        } else if (value instanceof CompositeData composite) {
            told.add(composite.values().toString());
        } else {
            told.add(String.valueOf(value));
        }
    }
}
