// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.zaxxer.hikari.HikariConfig;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.core.v3.QueryExecutorImpl;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.ds.common.BaseDataSource;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.jdbc.PgStatement;

class WeaverTest {
    private static final String PG_CONNECTION = "org/postgresql/jdbc/PgConnection";
    private static final String QUERY_EXECUTOR = "org/postgresql/core/v3/QueryExecutorImpl";

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

    @Test
    void a_data_source_of_any_name_is_woven_and_the_platforms_own_are_not() throws Exception {
        new Weaver(jvm.instrumentation()).install(false);
        byte[] bytes = WovenLoader.bytes(DataSourceScanTest.HandMade.class.getName());
        ClassLoader loader = WeaverTest.class.getClassLoader();

        assertThat(text(jvm.transform(loader, "com/shop/Pool", null, bytes))).contains("borrowing", "borrowFailed");
        for (String own : List.of("java/x/Pool", "javax/x/Pool", "jdk/Pool", "sun/Pool", "io/github/pgleash/Pool")) {
            assertThat(jvm.transform(loader, own, null, bytes)).as(own).isNull();
        }
    }

    @Test
    void data_sources_that_are_loaded_already_are_woven_with_their_superclasses() {
        jvm.loaded.addAll(List.of(DataSource.class, String.class, PGSimpleDataSource.class, HikariConfig.class));

        new Weaver(jvm.instrumentation()).install(false);

        assertThat(jvm.retransformed).containsExactly(PGSimpleDataSource.class, BaseDataSource.class);
    }

    @Test
    void garbage_that_is_called_a_class_does_not_throw_into_the_class_loading_of_the_application() throws Exception {
        new Weaver(jvm.instrumentation()).install(true);
        ClassLoader loader = WeaverTest.class.getClassLoader();
        Random random = new Random(7);
        PrintStream before = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        try {
            for (byte[] bytes : List.of(
                    WovenLoader.bytes(DataSourceScanTest.WithAllConstants.class.getName()),
                    WovenLoader.bytes(PgConnection.class.getName()))) {
                for (int i = 0; i < 500; i++) {
                    byte[] garbage = Arrays.copyOf(bytes, random.nextInt(bytes.length));
                    for (int flips = random.nextInt(10); flips > 0 && garbage.length > 0; flips--) {
                        garbage[random.nextInt(garbage.length)] = (byte) random.nextInt();
                    }
                    for (String name : List.of("com/shop/Pool", PG_CONNECTION)) {
                        assertThatCode(() -> jvm.transform(loader, name, null, garbage))
                                .doesNotThrowAnyException();
                    }
                }
            }
        } finally {
            System.setErr(before);
        }
    }

    @Test
    void the_first_handle_of_a_class_has_it_woven_and_the_next_do_not() throws Exception {
        Weaver weaver = new Weaver(jvm.instrumentation());
        weaver.install(false);

        assertThat(weaver.tellsReturn(Special.class)).isTrue();
        assertThat(weaver.tellsReturn(Special.class)).isTrue();
        assertThat(weaver.tellsReturn(Inherits.class)).isTrue();

        assertThat(jvm.retransformed).containsExactly(Special.class);
        byte[] bytes = WovenLoader.bytes(Special.class.getName());
        ClassLoader loader = WeaverTest.class.getClassLoader();
        assertThat(text(jvm.transform(loader, "com/shop/Special", Special.class, bytes)))
                .contains("returning");
        assertThat(jvm.transform(loader, "com/shop/Other", String.class, bytes)).isNull();
    }

    @Test
    void a_connection_of_the_driver_tells_by_the_table() {
        Weaver weaver = new Weaver(jvm.instrumentation());

        assertThat(weaver.tellsReturn(PgConnection.class)).isTrue();
        assertThat(jvm.retransformed).isEmpty();
    }

    @Test
    void a_handle_that_cannot_be_woven_does_not_tell() {
        Weaver weaver = new Weaver(jvm.instrumentation());
        jvm.refusal = new UnmodifiableClassException("no");
        assertThat(weaver.tellsReturn(Special.class)).isFalse();

        jvm.refusal = null;
        jvm.modifiable = false;
        assertThat(new Weaver(jvm.instrumentation()).tellsReturn(Special.class)).isFalse();
        assertThat(new Weaver(jvm.instrumentation()).tellsReturn(String.class))
                .as("no connection")
                .isFalse();
    }

    @Test
    void two_classes_that_share_a_close_that_cannot_be_woven_both_do_not_tell() {
        Weaver weaver = new Weaver(jvm.instrumentation());
        jvm.refusal = new UnmodifiableClassException("no");

        assertThat(weaver.tellsReturn(Special.class)).isFalse();
        assertThat(weaver.tellsReturn(Inherits.class)).isFalse();
    }

    @Test
    void a_handle_whose_methods_cannot_be_looked_at_does_not_tell() throws Exception {
        Weaver weaver = new Weaver(jvm.instrumentation());
        Class<?> handle = new StrangersLoader(() -> {
                    throw new ClassNotFoundException("no such class");
                })
                .loadClass(NamesStranger.class.getName());

        assertThat(weaver.tellsReturn(handle))
                .as("it has a close() of its own, and so has its superclass")
                .isFalse();
        assertThat(jvm.retransformed).isEmpty();
    }

    @Test
    void of_two_that_meet_at_the_first_handle_of_a_class_one_looks_at_its_methods_and_one_waits_unpinned()
            throws Exception {
        Weaver weaver = new Weaver(jvm.instrumentation());
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger looks = new AtomicInteger();
        Class<?> handle = new StrangersLoader(() -> {
                    looks.incrementAndGet();
                    looking.countDown();
                    goOn.await();
                })
                .loadClass(NamesStranger.class.getName());
        FutureTask<Boolean> first = new FutureTask<>(() -> weaver.tellsReturn(handle));
        FutureTask<Boolean> second = new FutureTask<>(() -> weaver.tellsReturn(handle));
        try {
            new Thread(first, "first").start();
            assertThat(looking.await(10, TimeUnit.SECONDS)).isTrue();
            Thread waiting = new Thread(second, "second");
            waiting.start();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (waiting.getState() != Thread.State.WAITING && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }

            assertThat(waiting.getState()).as("not at a monitor").isEqualTo(Thread.State.WAITING);
            assertThat(looks).hasValue(1);
        } finally {
            goOn.countDown();
        }
        assertThat(first.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(second.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(jvm.retransformed).containsExactly(handle);
    }

    @Test
    void once_one_is_suspect_its_class_tells_failures() throws Exception {
        Weaver weaver = new Weaver(jvm.instrumentation());
        weaver.install(false);

        weaver.tellFailures(Inherits.class);
        weaver.tellFailures(Inherits.class);
        weaver.tellFailures(PgConnection.class);

        assertThat(jvm.retransformed).containsExactly(Inherits.class, Special.class);
        byte[] bytes = WovenLoader.bytes(Special.class.getName());
        assertThat(text(jvm.transform(WeaverTest.class.getClassLoader(), "com/shop/Special", Special.class, bytes)))
                .contains("failed")
                .doesNotContain("returning");
    }

    @Test
    void the_largest_class_of_the_first_driver_is_woven_by_the_patrol_and_not_while_a_connection_waits_for_it()
            throws Exception {
        Weaver weaver = new Weaver(jvm.instrumentation());
        weaver.install(false);
        byte[] bytes = WovenLoader.bytes(QueryExecutorImpl.class.getName());
        ClassLoader driver = QueryExecutorImpl.class.getClassLoader();

        assertThat(jvm.transform(driver, QUERY_EXECUTOR, null, bytes)).isNull();
        weaver.weavePostponed(); // between the weaver and the JVM's definition of the class
        assertThat(jvm.retransformed).isEmpty();

        jvm.loaded.addAll(List.of(PgConnection.class, QueryExecutorImpl.class));
        weaver.weavePostponed();
        weaver.weavePostponed();
        assertThat(jvm.retransformed).containsExactly(QueryExecutorImpl.class);
        assertThat(text(jvm.transform(driver, QUERY_EXECUTOR, QueryExecutorImpl.class, bytes)))
                .contains("failed");
        assertThat(jvm.transform(ClassLoader.getPlatformClassLoader(), QUERY_EXECUTOR, null, bytes))
                .as("of a second driver")
                .isNotNull();
    }

    @Test
    void where_nobody_could_find_it_later_it_is_woven_at_once() throws Exception {
        new Weaver(jvm.instrumentation()).install(false);

        assertThat(jvm.transform(null, QUERY_EXECUTOR, null, WovenLoader.bytes(QueryExecutorImpl.class.getName())))
                .isNotNull();
    }

    /** Enough of a connection for its class to be woven. */
    public abstract static class Special implements Connection {
        @Override
        public void close() {}

        @Override
        public void commit() {}
    }

    abstract static class Inherits extends Special {}

    /** Of a class that only {@link NamesStranger} names. */
    static final class Stranger {}

    abstract static class NamesStranger extends Special {
        @Override
        public void close() {}

        void meet(Stranger stranger) {}
    }

    /** Has {@link NamesStranger} of its own, and does something before it finds {@link Stranger}. */
    private static final class StrangersLoader extends WovenLoader {
        private final Before before;

        StrangersLoader(Before before) {
            super(true, NamesStranger.class.getName());
            this.before = before;
        }

        interface Before {
            void find() throws ClassNotFoundException, InterruptedException;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.equals(Stranger.class.getName())) {
                try {
                    before.find();
                } catch (InterruptedException failed) {
                    throw new ClassNotFoundException(name, failed);
                }
            }
            return super.loadClass(name, resolve);
        }
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

        boolean modifiable = true;

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
                        case "getAllLoadedClasses", "getInitiatedClasses" -> loaded.toArray(new Class<?>[0]);
                        case "isModifiableClass" -> modifiable;
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
