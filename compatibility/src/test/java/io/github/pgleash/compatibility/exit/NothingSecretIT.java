// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.exit;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ScriptFailed;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.BackendsObjectName;
import io.github.pgleash.jmx.Receipt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.management.Attribute;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanServerConnection;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that comes out, from the first look to the exit, is searched for passwords and literals of statements. */
final class NothingSecretIT {
    private static final String LITERAL = "4111-1111-hunter2";
    private static final String WRONG = "wrong-key";

    private final PostgresServer server = PostgresServers.shared();
    private final Onlooker onlooker = new Onlooker(server);
    private final List<String> told = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    @Test
    void no_password_and_no_literal_comes_out_anywhere() throws Exception {
        Path log = folder.resolve("log");
        Path receipts = folder.resolve("receipts");
        String url = server.url() + "?user=" + APP + "&password=" + SECRET;
        try (ServiceJvm service = ServiceJvm.plan()
                .agent("app=discreet,leak.after=10ms,patrol.interval=200ms,log=" + log + ",receipts=" + receipts)
                .start()) {
            service.run(stage -> stage.open("in the url", url, APP, SECRET));
            Sessions sessions = Sessions.of(service, server);
            int pid = sessions.active("card", "SELECT pg_sleep(300), '" + LITERAL + "'");
            onlooker.await(pid, "active");
            BackendsMXBean bean = listen(service);
            look(service, bean, pid);
            tell(bean.cancel(Integer.toString(pid)));
            tell(bean.cancel(LITERAL.substring(0, 9)));
            sessions.start("card", "SELECT pg_sleep(300), '" + LITERAL + "'");
            onlooker.await(pid, "active");
            Arrays.stream(bean.terminateActive(1, true)).forEach(this::tell);

            // From now on nobody is let in, and the server's message may quote what it was given.
            server.createRole("changed", "first-" + SECRET, "");
            loginFails(service);
            look(service, bean, pid);
            service.terminate();
            onlooker.await(pid, Onlooker.GONE);
            told.addAll(service.stderr());
        }
        told.addAll(Files.readAllLines(log));
        List<String> lines = Files.readAllLines(receipts);
        told.addAll(lines);
        assertThat(lines).anyMatch(line -> line.contains("\"by\":\"shutdown\"")).hasSizeGreaterThanOrEqualTo(3);
        assertThat(told)
                .hasSizeGreaterThan(40)
                .noneMatch(text -> text.contains("password=" + SECRET))
                .noneMatch(text -> text.contains(LITERAL))
                .noneMatch(text -> text.contains(WRONG));
        assertThat(told).noneMatch(text -> text.contains("\"" + SECRET + "\"") || text.contains("first-" + SECRET));
    }

    @Test
    void nor_the_one_of_the_control_options_when_no_server_is_there() throws Exception {
        Path receipts = folder.resolve("receipts");
        try (ServiceJvm service = ServiceJvm.plan()
                .agent("app=discreet,control.url=jdbc:postgresql://localhost:1/shop?password=" + WRONG
                        + ",control.password=" + WRONG + ",receipts=" + receipts)
                .start()) {
            int pid = Sessions.of(service, server).idle("orders");
            BackendsMXBean bean = listen(service);
            look(service, bean, pid);
            tell(bean.terminate(Integer.toString(pid)));
            assertThat(Files.readString(receipts)).contains("\"rung\":\"local\"");
            told.addAll(Files.readAllLines(receipts));
            service.terminate();
            told.addAll(service.stderr());
        }
        assertThat(told).hasSizeGreaterThan(25).noneMatch(text -> text.contains(WRONG));
    }

    private void loginFails(ServiceJvm service) {
        String url = server.url() + "?password=" + WRONG;
        try {
            service.run(stage -> stage.open("refused", url, APP, WRONG));
        } catch (ScriptFailed asItShould) {
            return;
        }
        throw new AssertionError("the password is wrong");
    }

    private BackendsMXBean listen(ServiceJvm service) throws Exception {
        BackendsMXBean bean = service.backends();
        service.jmx()
                .addNotificationListener(
                        BackendsObjectName.BACKENDS,
                        (notification, back) -> {
                            told.add(notification.getMessage());
                            told.add(String.valueOf(((CompositeData) notification.getUserData()).values()));
                        },
                        null,
                        null);
        return bean;
    }

    private void look(ServiceJvm service, BackendsMXBean bean, int pid) throws Exception {
        told.add(bean.refresh());
        told.add(bean.table());
        told.add(bean.explain(Integer.toString(pid)));
        MBeanServerConnection jmx = service.jmx();
        String[] names = Arrays.stream(
                        jmx.getMBeanInfo(BackendsObjectName.BACKENDS).getAttributes())
                .map(MBeanFeatureInfo::getName)
                .toArray(String[]::new);
        for (Attribute attribute :
                jmx.getAttributes(BackendsObjectName.BACKENDS, names).asList()) {
            Object value = attribute.getValue();
            told.addAll(value instanceof Object[] many ? texts(many) : List.of(String.valueOf(value)));
        }
    }

    private static List<String> texts(Object[] values) {
        List<String> texts = new ArrayList<>();
        for (Object value : values) {
            texts.add(value instanceof CompositeData row ? row.values().toString() : String.valueOf(value));
        }
        return texts;
    }

    private void tell(Receipt receipt) {
        told.add(receipt.toString());
    }
}
