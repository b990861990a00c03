// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.connect;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another agent that transforms the driver, before ours or after it, and again while connections are open. */
final class OtherAgentIT {
    private static final PostgresServer SERVER = PostgresServers.shared();

    @TempDir
    Path folder;

    @Test
    void an_agent_in_front_of_ours_does_no_harm() throws IOException {
        String other = "-javaagent:" + ProbeJar.of(Other.class, folder);
        try (ServiceJvm service =
                ServiceJvm.plan().jvmArgument(other).agent("tag={original}!").start()) {
            assertThatBothWork(service);
        }
    }

    @Test
    void an_agent_behind_ours_does_no_harm() throws IOException {
        String other = "-javaagent:" + ProbeJar.of(Other.class, folder);
        try (ServiceJvm service =
                ServiceJvm.plan().agent("tag={original}!").jvmArgument(other).start()) {
            assertThatBothWork(service);
        }
    }

    /** A name that is tagged twice would end in two exclamation marks. */
    private static void assertThatBothWork(ServiceJvm service) {
        String url = SERVER.url() + "?ApplicationName=orders";
        service.run(stage -> stage.open("before", url, APP, SECRET));
        assertThat(service.ask(stage -> Other.SEEN.get())).isEqualTo("1");
        service.run(stage -> Other.again());
        assertThat(service.ask(stage -> Other.SEEN.get())).isEqualTo("2");
        service.run(stage -> stage.open("after", url, APP, SECRET));
        for (String connection : new String[] {"before", "after"}) {
            assertThat(service.ask(stage -> stage.query(connection, "SHOW application_name")))
                    .isEqualTo("orders!");
        }
        assertThat(service.backends().getConnections()).isEqualTo(2);
        service.run(stage -> stage.close("before"));
        assertThat(service.backends().getConnections()).isEqualTo(1);
        assertThat(service.stderr()).isEmpty();
    }

    /** An agent that has every connection class defined anew, with the same code. */
    static final class Other implements ClassFileTransformer {
        static final AtomicInteger SEEN = new AtomicInteger();

        private static @Nullable Instrumentation instrumentation;

        private Other() {}

        public static void premain(String options, Instrumentation given) {
            instrumentation = given;
            given.addTransformer(new Other(), true);
        }

        static void again() throws ClassNotFoundException, UnmodifiableClassException {
            Instrumentation given = instrumentation;
            if (given != null) {
                given.retransformClasses(Class.forName("org.postgresql.jdbc.PgConnection"));
            }
        }

        @Override
        public byte @Nullable [] transform(
                @Nullable ClassLoader loader,
                @Nullable String name,
                @Nullable Class<?> loaded,
                @Nullable ProtectionDomain domain,
                byte[] bytes) {
            if (!"org/postgresql/jdbc/PgConnection".equals(name)) {
                return null;
            }
            SEEN.incrementAndGet();
            return bytes.clone();
        }
    }
}
