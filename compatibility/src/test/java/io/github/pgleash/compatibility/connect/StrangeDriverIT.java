// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.service.ServiceJvm;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A class of the driver's name that has nothing of what the agent needs: too old, or somebody's own. */
final class StrangeDriverIT {
    private static final String STRANGE = """
            package org.postgresql.jdbc;

            public class PgConnection implements AutoCloseable {
                private final String name;

                public PgConnection(java.util.Properties info) {
                    name = info.getProperty("name");
                }

                public String name() {
                    return name;
                }

                @Override
                public void close() {}
            }
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void compile() throws IOException {
        Path source = folder.resolve("PgConnection.java");
        Files.writeString(source, STRANGE, UTF_8);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler.run(null, null, null, "-d", folder.toString(), source.toString()))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_application_goes_on_and_the_agent_gives_up_after_a_few_lines(boolean seesTheAgent) throws IOException {
        String place = folder.toUri().toURL().toString();
        try (ServiceJvm service =
                ServiceJvm.plan().without("postgresql-").agent("").start()) {
            String names = service.ask(stage -> {
                ClassLoader parent =
                        seesTheAgent ? ClassLoader.getSystemClassLoader() : ClassLoader.getPlatformClassLoader();
                Class<?> strange = new URLClassLoader(new URL[] {new URL(place)}, parent)
                        .loadClass("org.postgresql.jdbc.PgConnection");
                StringBuilder all = new StringBuilder();
                for (int i = 0; i < 20; i++) {
                    Properties info = new Properties();
                    info.setProperty("name", Integer.toString(i));
                    try (AutoCloseable connection = (AutoCloseable)
                            strange.getConstructor(Properties.class).newInstance(info)) {
                        all.append(strange.getMethod("name").invoke(connection)).append(' ');
                    }
                }
                return all.toString();
            });
            assertThat(names).isEqualTo("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 ");
            service.awaitStderr("off from now on");
            assertThat(service.stderr())
                    .hasSize(11)
                    .allSatisfy(line -> assertThat(line).startsWith("pgleash: "));
        }
    }
}
