// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.start;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.start.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What premain does before the application's main, which is next to nothing. */
final class StartIT {
    @TempDir
    Path folder;

    @Test
    void an_application_chooses_its_own_logging_and_mbean_server_in_main() throws IOException, InterruptedException {
        Outcome outcome = new Program(folder)
                .agent("")
                .run(OwnManagers.class, PostgresServers.shared().url(), APP, SECRET);
        assertThat(outcome.stdout())
                .containsExactly(
                        "threads of the agent before: 0",
                        "log manager: OwnLogManager",
                        "builder: true",
                        "registered before: false",
                        "registered after: true, true",
                        "threads of the agent after: 1");
        assertThat(outcome.stderr()).isEmpty();
        assertThat(outcome.status()).isZero();
    }

    @Test
    void an_application_without_postgresql_does_not_notice_the_agent() throws IOException, InterruptedException {
        Outcome bare = new Program(folder).run(Bystander.class, "one", "two");
        Outcome leashed = new Program(folder).agent("app=shop").run(Bystander.class, "one", "two");
        assertThat(leashed).isEqualTo(bare);
        assertThat(leashed.status()).isEqualTo(Bystander.STATUS);
        assertThat(leashed.stdout()).contains("thread main").noneMatch(line -> line.contains("pgleash"));
        assertThat(leashed.stderr()).containsExactly("nothing to complain about");
    }

    @Test
    void without_postgresql_neither_logging_nor_jmx_nor_the_reader_of_classes_is_even_loaded()
            throws IOException, InterruptedException {
        Path classes = folder.resolve("classes");
        new Program(folder)
                .agent("app=shop,leak.after=30s")
                .jvmArgument("-Xlog:class+load=info:file=" + classes)
                .run(Bystander.class);
        assertThat(Files.readAllLines(classes))
                .anyMatch(line -> line.contains("io.github.pgleash.Agent "))
                .noneMatch(line -> line.contains(" java.util.logging."))
                .noneMatch(line -> line.contains(" javax.management."))
                .noneMatch(line -> line.contains(" java.lang.management."))
                .noneMatch(line -> line.contains("org.slf4j"))
                .noneMatch(line -> line.contains("bytebuddy.jar.asm.ClassReader"));
    }

    @Test
    void an_agent_that_is_named_twice_starts_once() throws IOException, InterruptedException {
        Outcome outcome = new Program(folder)
                .agent("app=first")
                .agent("app=second")
                .run(Visitor.class, PostgresServers.shared().url(), APP, SECRET);
        assertThat(outcome.stdout()).containsExactly("name first");
        assertThat(outcome.stderr())
                .hasSize(1)
                .allSatisfy(line -> assertThat(line).startsWith("pgleash: is in this JVM already"));
        assertThat(outcome.status()).isEqualTo(Visitor.STATUS);
    }

    @Test
    void the_jar_by_itself_prints_its_help() throws IOException, InterruptedException {
        Outcome outcome = new Program(folder).runJar(ServiceJvm.agentJar());
        assertThat(outcome.status()).isZero();
        assertThat(outcome.stderr()).isEmpty();
        assertThat(String.join("\n", outcome.stdout()))
                .contains("-javaagent:pgleash.jar", "control.password", "idleInTransaction.after (60s)", "PGLEASH_");
    }
}
