// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real jar in a real JVM, with an application that never opens a connection. */
class PremainIT {
    private static final String APPLICATION = ExitsWithSeven.class.getName();

    @TempDir
    private Path folder;

    @Test
    void a_jvm_that_is_too_old_is_told_in_one_line_and_runs_its_application() throws Exception {
        Child child = Child.run(
                folder,
                "-javaagent:" + agentThatPretends(),
                "-javaagent:" + agentOfALaterJava() + "=nonsense",
                "-cp",
                Child.testClasses(),
                APPLICATION);

        assertThat(child.err().lines())
                .containsExactly(
                        "pgleash: needs Java 17 or newer and this JVM is Java 11; it stays out, the application starts without it");
        assertThat(child.out()).isEqualToIgnoringNewLines("main ran in 11");
        assertThat(child.exit()).isEqualTo(7);
    }

    @Test
    void nothing_is_said_and_nothing_changed_where_there_is_nothing_to_do() throws Exception {
        Child child = application("-javaagent:" + Child.AGENT);

        assertThat(child.err()).isEmpty();
        assertThat(child.out()).startsWith("main ran");
        assertThat(child.exit()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"=", "=,,,", "=a=b=c", "=nonsense", "=leak.after=-1,action=explode", "=config=/no/such/file"})
    void no_agent_argument_keeps_the_application_from_starting(String arguments) throws Exception {
        Child child = application("-javaagent:" + Child.AGENT + arguments);

        assertThat(child.err().lines()).allSatisfy(line -> assertThat(line).startsWith("pgleash: "));
        assertThat(child.out()).startsWith("main ran");
        assertThat(child.exit()).isEqualTo(7);
    }

    @Test
    void a_second_agent_of_the_same_kind_stays_out() throws Exception {
        Child child = application("-javaagent:" + Child.AGENT, "-javaagent:" + Child.AGENT + "=nonsense");

        assertThat(child.err().lines())
                .containsExactly("pgleash: is in this JVM already, with its first options; nothing was changed");
        assertThat(child.exit()).isEqualTo(7);
    }

    @Test
    void neither_logging_nor_jmx_is_loaded_before_main() throws Exception {
        Child child = application("-Xlog:class+load:stdout", "-javaagent:" + Child.AGENT);

        assertThat(child.out()).contains(Agent.class.getName());
        assertThat(child.out().lines())
                .noneMatch(line -> line.contains(" java.util.logging.")
                        || line.contains(" java.lang.management.")
                        || line.contains(" javax.management.")
                        || line.contains(".shaded.slf4j."));
    }

    @Test
    void the_jar_explains_itself() throws Exception {
        Child child = Child.run(folder, "-jar", Child.AGENT);

        assertThat(child.err()).isEmpty();
        assertThat(child.exit()).isZero();
        assertThat(child.out()).contains("-javaagent:pgleash.jar", "control.password", "leak.after (60s)");
        assertThat(child.out()).doesNotContain("development");
    }

    private Child application(String... options) throws Exception {
        String[] all = new String[options.length + 3];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = "-cp";
        all[options.length + 1] = Child.testClasses();
        all[options.length + 2] = APPLICATION;
        return Child.run(folder, all);
    }

    /** All but the entry class are of a version that this JVM cannot load, as they are for one that is too old. */
    private Path agentOfALaterJava() throws Exception {
        Path jar = folder.resolve("later.jar");
        try (JarFile ours = new JarFile(Child.AGENT);
                OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, ours.getManifest())) {
            for (JarEntry entry : Collections.list(ours.entries())) {
                if (entry.getName().endsWith(".class")) {
                    byte[] bytes;
                    try (InputStream in = ours.getInputStream(entry)) {
                        bytes = in.readAllBytes();
                    }
                    if (!entry.getName().endsWith("/Premain.class")) {
                        bytes[7] = (byte) 200; // the major version
                    }
                    out.putNextEntry(new JarEntry(entry.getName()));
                    out.write(bytes);
                }
            }
        }
        return jar;
    }

    private Path agentThatPretends() throws Exception {
        Path jar = folder.resolve("pretends.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", PretendsToBeJava11.class.getName());
        String entry = PretendsToBeJava11.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream in = Objects.requireNonNull(
                        PretendsToBeJava11.class.getClassLoader().getResourceAsStream(entry))) {
            out.putNextEntry(new JarEntry(entry));
            in.transferTo(out);
        }
        return jar;
    }
}
