// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.BackendsObjectName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.management.Attribute;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanServerConnection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A control connection that cannot be made is a problem that tells much, but no password. */
final class SecretsIT {
    private static final String WRONG = "hunter2";

    private final PostgresServer server = PostgresServers.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "control.password=hunter2",
                "control.url=jdbc:postgresql://localhost:port/shop?password=hunter2",
                "control.url=jdbc:postgresql://app:hunter2@localhost/shop"
            })
    void no_password_is_shown_anywhere(String control) throws Exception {
        try (ServiceJvm service =
                ServiceJvm.plan().agent("app=discreet," + control).start()) {
            int pid = Sessions.of(service, server).idle("orders");
            List<String> shown = new ArrayList<>();
            shown.add(service.backends().refresh());
            shown.add(service.backends().table());
            shown.add(service.backends().explain(Integer.toString(pid)));
            shown.add(service.backends().terminate(Integer.toString(pid)).toString());
            shown.addAll(attributes(service.jmx()));
            shown.add(service.awaitStderr("terminate " + pid));
            // The driver's own lines are beyond us.
            service.stderr().stream()
                    .filter(line -> line.startsWith("pgleash "))
                    .forEach(shown::add);
            assertThat(service.backends().getProblems()).as("problems").isNotEmpty();
            assertThat(shown)
                    .noneMatch(text -> text.contains(WRONG))
                    .noneMatch(text -> text.contains("password=" + PostgresServer.SECRET));
        }
    }

    private static List<String> attributes(MBeanServerConnection jmx) throws Exception {
        String[] names = Arrays.stream(
                        jmx.getMBeanInfo(BackendsObjectName.BACKENDS).getAttributes())
                .map(MBeanFeatureInfo::getName)
                .toArray(String[]::new);
        return jmx.getAttributes(BackendsObjectName.BACKENDS, names).asList().stream()
                .map(Attribute::getValue)
                .map(value -> value instanceof Object[] array ? Arrays.toString(array) : String.valueOf(value))
                .toList();
    }
}
