// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.jdbc.PgStatement;

class WeaverTest {
    private static final String PG_CONNECTION = "org/postgresql/jdbc/PgConnection";

    private final FakeInstrumentation jvm = new FakeInstrumentation();

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "org/postgresql/jdbc/PgStatement",
                "org/postgresql/jdbc/PgConnection$1",
                "org.postgresql.jdbc.PgConnection",
                "shaded/org/postgresql/jdbc/PgConnection",
                "java/lang/String",
                ""
            })
    void a_class_that_is_not_in_the_table_and_no_data_source_is_left_as_it_is(@Nullable String name) throws Exception {
        new Weaver(jvm.instrumentation()).install(false);

        byte[] noDataSource = WovenLoader.bytes(PgStatement.class.getName());
        for (byte[] bytes : new byte[][] {noDataSource, new byte[0], new byte[1_000]}) {
            assertThat(jvm.transform(WeaverTest.class.getClassLoader(), name, null, bytes))
                    .isNull();
        }
    }

    @Test
    void a_class_of_the_table_that_cannot_be_read_is_left_as_it_is() throws Exception {
        new Weaver(jvm.instrumentation()).install(false);

        assertThat(jvm.transform(WeaverTest.class.getClassLoader(), PG_CONNECTION, null, new byte[] {1, 2, 3}))
                .isNull();
        byte[] tooNew = WovenLoader.bytes(PgConnection.class.getName());
        tooNew[7] = (byte) 250;
        assertThat(jvm.transform(WeaverTest.class.getClassLoader(), PG_CONNECTION, null, tooNew))
                .isNull();
    }

    @Test
    void where_the_door_is_in_sight_it_is_called_directly() throws Exception {
        new Weaver(jvm.instrumentation()).install(false);
        byte[] bytes = WovenLoader.bytes(PgConnection.class.getName());

        assertThat(text(jvm.transform(WeaverTest.class.getClassLoader(), PG_CONNECTION, null, bytes)))
                .contains("io/github/pgleash/connect/Door");
        assertThat(text(jvm.transform(ClassLoader.getPlatformClassLoader(), PG_CONNECTION, null, bytes)))
                .doesNotContain("io/github/pgleash/connect/Door")
                .contains("io.github.pgleash.connect.Door");
        assertThat(text(jvm.transform(null, PG_CONNECTION, null, bytes)))
                .doesNotContain("io/github/pgleash/connect/Door");
    }

    @Test
    void what_is_loaded_already_is_woven_again() {
        jvm.loaded.add(PgConnection.class);
        jvm.loaded.add(String.class);

        new Weaver(jvm.instrumentation()).install(false);

        assertThat(jvm.retransformed).containsExactly(PgConnection.class);
    }

    @Test
    void only_on_attach_the_use_of_a_connection_is_woven() throws Exception {
        jvm.loaded.add(PgConnection.class);
        byte[] bytes = WovenLoader.bytes(PgConnection.class.getName());

        new Weaver(jvm.instrumentation()).install(false);
        byte[] atStart = jvm.transform(WeaverTest.class.getClassLoader(), PG_CONNECTION, PgConnection.class, bytes);
        new Weaver(jvm.instrumentation()).install(true);
        byte[] attached = jvm.transform(WeaverTest.class.getClassLoader(), PG_CONNECTION, PgConnection.class, bytes);
        byte[] loadedAfter = jvm.transform(WeaverTest.class.getClassLoader(), PG_CONNECTION, null, bytes);

        assertThat(text(attached)).hasSizeGreaterThan(text(atStart).length());
        assertThat(loadedAfter).isEqualTo(atStart);
    }

    @Test
    void a_class_that_the_jvm_will_not_change_is_no_reason_to_fail() {
        jvm.loaded.add(PgConnection.class);
        for (Throwable refusal : List.of(
                new UnmodifiableClassException("no"), new VerifyError("no"), new UnsupportedOperationException("no"))) {
            jvm.refusal = refusal;
            new Weaver(jvm.instrumentation()).install(true);
        }

        assertThat(jvm.transformers).hasSize(3);
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** As much of a JVM as the weaver asks for. */
    private static final class FakeInstrumentation {
        final List<ClassFileTransformer> transformers = new ArrayList<>();
        final List<Class<?>> loaded = new ArrayList<>();
        final List<Class<?>> retransformed = new ArrayList<>();

        @Nullable
        Throwable refusal;

        Instrumentation instrumentation() {
            return (Instrumentation) Proxy.newProxyInstance(
                    WeaverTest.class.getClassLoader(),
                    new Class<?>[] {Instrumentation.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "addTransformer" -> {
                            assertThat(arguments[1]).as("can retransform").isEqualTo(true);
                            transformers.add((ClassFileTransformer) arguments[0]);
                            yield null;
                        }
                        case "getAllLoadedClasses" -> loaded.toArray(new Class<?>[0]);
                        case "isModifiableClass" -> true;
                        case "retransformClasses" -> {
                            if (refusal != null) {
                                throw refusal;
                            }
                            retransformed.addAll(List.of((Class<?>[]) arguments[0]));
                            yield null;
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }

        /** As the transformer that was added last does it. */
        byte @Nullable [] transform(
                @Nullable ClassLoader loader, @Nullable String name, @Nullable Class<?> before, byte[] bytes)
                throws Exception {
            return transformers
                    .get(transformers.size() - 1)
                    .transform(WeaverTest.class.getModule(), loader, name, before, null, bytes);
        }
    }
}
