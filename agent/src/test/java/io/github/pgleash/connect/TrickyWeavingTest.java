// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.connect.RecordedLoans.Told;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Classes that compilers make, woven, verified and run next to an unwoven copy: they do the same, to the identity of
 * what they return and throw, and tell it.
 */
class TrickyWeavingTest {
    private static final Connection[] POOL =
            Stream.generate(TrickyWeavingTest::connection).limit(5).toArray(Connection[]::new);

    private static final Throwable[] FAILURES = {
        new SQLException("sql"), new IllegalStateException("state"), new AssertionError("error"), new IOException("io")
    };

    private final RecordedLoans loans = new RecordedLoans();

    @BeforeEach
    void open() {
        Door.open(loans);
    }

    @AfterEach
    void close() {
        Door.open(ConnectionEvents.NONE);
    }

    static Stream<Arguments> calls() {
        return nearAndFar(TrickyCalls.class, TrickyCalls.Base.class);
    }

    static Stream<Arguments> closes() {
        return nearAndFar(TrickyCloses.class, TrickyCloses.Base.class);
    }

    private static Stream<Arguments> nearAndFar(Class<?> outer, Class<?> base) {
        return Arrays.stream(outer.getDeclaredClasses())
                .filter(type -> type.getSuperclass() != null && base.isAssignableFrom(type) && type != base)
                .sorted(Comparator.comparing(Class::getName))
                .flatMap(type -> Stream.of(Arguments.of(type, true), Arguments.of(type, false)));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void a_woven_call_does_as_before_and_tells_what_it_lent_or_why_not(Class<?> type, boolean near) throws Exception {
        Class<?> plain = loader(TrickyCalls.class, near).loadClass(type.getName());
        Class<?> woven = loader(TrickyCalls.class, near)
                .weave(type.getName(), points(HookPoint.ANY_DATA_SOURCE), near)
                .loadClass(type.getName());
        int methods = 0;
        for (Method method : plain.getDeclaredMethods()) {
            boolean lends = method.getReturnType() == Connection.class && !Modifier.isStatic(method.getModifiers());
            if (method.getName().equals("getConnection") && lends) {
                methods++;
                for (int mode = -1; mode < 9; mode++) {
                    compare(plain, woven, method, mode);
                }
            }
        }
        assertThat(methods).isPositive();
    }

    private void compare(Class<?> plain, Class<?> woven, Method method, int mode) throws Exception {
        Object[] arguments = arguments(method, mode);
        Outcome before = Outcome.of(method, lender(plain, mode), arguments);
        Method wovenMethod = Arrays.stream(woven.getDeclaredMethods())
                .filter(candidate -> candidate.toGenericString().equals(method.toGenericString()))
                .findFirst()
                .orElseThrow();
        Object lender = lender(woven, mode);
        loans.forget();
        long first = loans.first;

        Outcome after = Outcome.of(wovenMethod, lender, arguments);

        assertThat(after.returned).as("mode " + mode).isSameAs(before.returned);
        assertThat(after.thrown).as("mode " + mode).isSameAs(before.thrown);
        Object subject = after.thrown == null ? after.returned : after.thrown;
        if (subject == null) {
            assertThat(loans.told).extracting(Told::ticket).doesNotContain(first);
            return;
        }
        Told last = loans.told.get(loans.told.size() - 1);
        assertThat(last.event()).isEqualTo(after.thrown == null ? "borrowed" : "borrowFailed");
        assertThat(last.source()).isSameAs(lender);
        assertThat(last.subject()).isSameAs(subject);
        assertThat(last.ticket()).isEqualTo(first);
        assertThat(loans.told).extracting(Told::ticket).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("closes")
    void a_woven_close_does_as_before_or_nothing_at_all(Class<?> type, boolean near) throws Exception {
        Class<?> plain = loader(TrickyCloses.class, near).loadClass(type.getName());
        Class<?> woven = woven(type, near);
        for (boolean fails : new boolean[] {false, true}) {
            Object expected = handle(plain, fails);
            Outcome before = Outcome.of(plain.getMethod("close"), expected);

            Object handle = handle(woven, fails);
            loans.forget();
            loans.goOn = true;
            Outcome after = Outcome.of(woven.getMethod("close"), handle);
            assertThat(after.thrown).isSameAs(before.thrown);
            assertThat(done(handle)).isEqualTo(done(expected));
            assertThat(loans.told).isNotEmpty().allSatisfy(told -> {
                assertThat(told.event()).isEqualTo("returning");
                assertThat(told.subject()).isSameAs(handle);
            });

            Object reclaimed = handle(woven, fails);
            loans.forget();
            loans.goOn = false;
            assertThat(Outcome.of(woven.getMethod("close"), reclaimed)).isEqualTo(new Outcome(null, null));
            assertThat(done(reclaimed)).isEmpty();
            assertThat(loans.told).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "createStatement, true", "createStatement, false",
        "prepareStatement, true", "prepareStatement, false",
        "commit, true", "commit, false",
        "getAutoCommit, true", "getAutoCommit, false",
        "setAutoCommit, true", "setAutoCommit, false",
    })
    void a_method_that_throws_tells_it_once_and_otherwise_nothing(String name, boolean near) throws Exception {
        Class<?> plain = loader(TrickyCloses.class, near).loadClass(TrickyCloses.Statements.class.getName());
        Class<?> woven = woven(TrickyCloses.Statements.class, near);
        for (Method method : plain.getDeclaredMethods()) {
            if (!method.getName().equals(name)) {
                continue;
            }
            Method same = woven.getDeclaredMethod(name, method.getParameterTypes());
            for (boolean fails : new boolean[] {false, true}) {
                Object[] arguments = arguments(method, 2);
                Object expected = handle(plain, fails);
                Outcome before = Outcome.of(method, expected, arguments);
                Object handle = handle(woven, fails);
                loans.forget();

                Outcome after = Outcome.of(same, handle, arguments);

                assertThat(after.thrown).isSameAs(before.thrown);
                assertThat(after.returned).isEqualTo(before.returned);
                assertThat(done(handle)).isEqualTo(done(expected));
                if (after.thrown == null) {
                    assertThat(loans.told).isEmpty();
                } else {
                    assertThat(loans.told).containsExactly(new Told("failed", handle, after.thrown, 0));
                }
            }
        }
    }

    /** Compilers of old wrote no frames; 6 may have them or not. */
    @ParameterizedTest
    @CsvSource({"48, true", "48, false", "49, true", "49, false", "50, true", "50, false"})
    void a_class_without_frames_can_be_woven_too(int version, boolean near) throws Exception {
        byte[] bytes = withoutFrames(version);
        byte[] woven = Objects.requireNonNull(Loom.weave(bytes, points(HookPoint.ANY_DATA_SOURCE), near));
        Class<?> type = loader(TrickyCalls.class, near)
                .define("io.github.pgleash.connect.TrickyCallsOld", woven)
                .loadClass("io.github.pgleash.connect.TrickyCallsOld");
        Method method = type.getMethod("getConnection", Connection.class, long.class);
        Object lender = type.getConstructor().newInstance();

        assertThat(Outcome.of(method, lender, POOL[1], 5L).returned).isSameAs(POOL[1]);
        assertThat(loans.told).containsExactly(new Told("borrowed", lender, POOL[1], loans.first));
    }

    /** {@code while (number-- > 0) {}; return given;}, by way of a subroutine where there still were any. */
    private static byte[] withoutFrames(int version) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(
                version,
                Opcodes.ACC_PUBLIC | Opcodes.ACC_SUPER,
                "io/github/pgleash/connect/TrickyCallsOld",
                null,
                "java/lang/Object",
                null);
        MethodVisitor constructor = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
        constructor.visitCode();
        constructor.visitVarInsn(Opcodes.ALOAD, 0);
        constructor.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        constructor.visitInsn(Opcodes.RETURN);
        constructor.visitMaxs(0, 0);
        constructor.visitEnd();
        MethodVisitor code = writer.visitMethod(
                Opcodes.ACC_PUBLIC, "getConnection", "(Ljava/sql/Connection;J)Ljava/sql/Connection;", null, null);
        code.visitCode();
        Label again = new Label();
        Label end = new Label();
        Label subroutine = new Label();
        code.visitLabel(again);
        code.visitVarInsn(Opcodes.LLOAD, 2);
        code.visitInsn(Opcodes.LCONST_1);
        code.visitInsn(Opcodes.LSUB);
        code.visitInsn(Opcodes.DUP2);
        code.visitVarInsn(Opcodes.LSTORE, 2);
        code.visitInsn(Opcodes.L2I);
        code.visitVarInsn(Opcodes.ISTORE, 4);
        if (version < 50) {
            code.visitJumpInsn(Opcodes.JSR, subroutine);
        }
        code.visitVarInsn(Opcodes.ILOAD, 4);
        code.visitJumpInsn(Opcodes.IFLE, end);
        code.visitJumpInsn(Opcodes.GOTO, again);
        if (version < 50) {
            code.visitLabel(subroutine);
            code.visitVarInsn(Opcodes.ASTORE, 5);
            code.visitIincInsn(4, 0);
            code.visitVarInsn(Opcodes.RET, 5);
        }
        code.visitLabel(end);
        code.visitVarInsn(Opcodes.ALOAD, 1);
        code.visitInsn(Opcodes.ARETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static WovenLoader loader(Class<?> outer, boolean near) {
        return new WovenLoader(near, outer.getName());
    }

    private static Class<?> woven(Class<?> type, boolean near) throws Exception {
        List<HookPoint> points = new ArrayList<>(points(HookPoint.ANY_HANDLE));
        points.addAll(points(HookPoint.ANY_SUSPECT_HANDLE));
        WovenLoader loader = loader(TrickyCloses.class, near).weave(type.getName(), points, near);
        if (type == TrickyCloses.Inherited.class) {
            loader.weave(TrickyCloses.Plain.class.getName(), points, near);
        }
        return loader.loadClass(type.getName());
    }

    static List<HookPoint> points(String kind) {
        return HookPoint.byClass().getOrDefault(kind, List.of());
    }

    private static Object lender(Class<?> type, int mode) throws Exception {
        Object lender = make(type);
        field(type, "pool").set(lender, POOL);
        field(type, "failures").set(lender, FAILURES);
        field(type, "mode").set(lender, mode);
        return lender;
    }

    private static Object handle(Class<?> type, boolean fails) throws Exception {
        Object handle = make(type);
        field(type, "failure").set(handle, FAILURES[0]);
        field(type, "fails").set(handle, fails);
        return handle;
    }

    private static List<?> done(Object handle) throws Exception {
        return (List<?>) Objects.requireNonNull(field(handle.getClass(), "done").get(handle));
    }

    private static Object make(Class<?> type) throws Exception {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    private static Field field(Class<?> type, String name) throws Exception {
        Field field = type.getField(name);
        field.setAccessible(true);
        return field;
    }

    private static Object[] arguments(Method method, int mode) {
        return Arrays.stream(method.getParameterTypes())
                .map(type -> switch (type.getName()) {
                    case "int" -> (Object) mode;
                    case "long" -> mode + 2L;
                    case "double" -> mode / 2.0;
                    case "byte" -> (byte) (mode + 1);
                    case "boolean" -> mode > 2;
                    default -> "x";
                })
                .toArray();
    }

    private static Connection connection() {
        return (Connection) Proxy.newProxyInstance(
                TrickyWeavingTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "toString" -> "connection";
                    case "equals" -> proxy == arguments[0];
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private record Outcome(
            @Nullable Object returned, @Nullable Throwable thrown) {
        static Outcome of(Method method, Object target, Object... arguments) throws Exception {
            method.setAccessible(true);
            try {
                return new Outcome(method.invoke(target, arguments), null);
            } catch (InvocationTargetException failed) {
                return new Outcome(null, failed.getCause());
            }
        }
    }
}
