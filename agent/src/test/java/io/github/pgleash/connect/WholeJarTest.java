// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

/** Every class of the driver and of a pool, woven and verified by the JVM. */
class WholeJarTest {
    private static final String[] OWN = {"org.postgresql.", "com.zaxxer.hikari."};

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void every_data_source_and_every_connection_can_be_woven_and_loaded(boolean near) throws Exception {
        List<HookPoint> points = new ArrayList<>();
        for (String kind : List.of(HookPoint.ANY_DATA_SOURCE, HookPoint.ANY_HANDLE, HookPoint.ANY_SUSPECT_HANDLE)) {
            points.addAll(TrickyWeavingTest.points(kind));
        }
        Map<String, byte[]> woven = new TreeMap<>();
        for (String name : classes()) {
            byte[] bytes = Loom.weave(WovenLoader.bytes(name), points, near);
            if (bytes != null) {
                woven.put(name, bytes);
            }
        }

        assertThat(woven.keySet())
                .contains(
                        HikariDataSource.class.getName(),
                        "com.zaxxer.hikari.pool.ProxyConnection",
                        "com.zaxxer.hikari.util.DriverDataSource",
                        "org.postgresql.ds.common.BaseDataSource",
                        "org.postgresql.ds.PGPoolingDataSource",
                        "org.postgresql.jdbc.PgConnection");
        assertThat(refused(woven)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void every_class_of_the_table_can_be_woven_with_what_the_table_has_for_it(boolean near) throws Exception {
        Map<String, byte[]> woven = new TreeMap<>();
        HookPoint.byClass().forEach((internal, points) -> {
            if (!internal.startsWith("?")) {
                String name = internal.replace('/', '.');
                try {
                    woven.put(name, Objects.requireNonNull(Loom.weave(WovenLoader.bytes(name), points, near), name));
                } catch (IOException missing) {
                    throw new UncheckedIOException(missing);
                }
            }
        });

        assertThat(woven).hasSizeGreaterThanOrEqualTo(4);
        assertThat(refused(woven)).isEmpty();
    }

    /** Nobody would: but whatever a compiler makes of any method, the hooks keep it verifiable. */
    @ParameterizedTest
    @CsvSource({
        "CALL, true",
        "CALL, false",
        "FAILURE, true",
        "FAILURE, false",
        "BOTH, true",
        "LEAVE, true",
        "LEAVE, false"
    })
    void every_method_of_every_class_can_be_hooked(Hooks hooks, boolean near) throws Exception {
        Map<String, byte[]> woven = new TreeMap<>();
        for (String name : classes()) {
            woven.put(name, everyMethod(WovenLoader.bytes(name), hooks, near));
        }

        assertThat(woven).hasSizeGreaterThan(300);
        assertThat(refused(woven)).isEmpty();
    }

    enum Hooks {
        CALL,
        FAILURE,
        BOTH,
        LEAVE
    }

    private static byte[] everyMethod(byte[] bytes, Hooks hooks, boolean near) {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(
                new ClassVisitor(HookVisitor.API, writer) {
                    @Override
                    public @Nullable MethodVisitor visitMethod(
                            int access,
                            String name,
                            String descriptor,
                            @Nullable String signature,
                            String @Nullable [] exceptions) {
                        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
                        int bodiless = Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE | Opcodes.ACC_STATIC;
                        if ((access & bodiless) != 0 || name.equals("<init>")) {
                            return next;
                        }
                        return hooked(next, name, descriptor);
                    }

                    private MethodVisitor hooked(MethodVisitor next, String name, String descriptor) {
                        String type = reader.getClassName();
                        MethodVisitor hooked = next;
                        if (hooks == Hooks.CALL || hooks == Hooks.BOTH) {
                            hooked = new CallHooks(next, new DoorCall(next, near), type, descriptor);
                        }
                        if (hooks == Hooks.FAILURE || hooks == Hooks.BOTH) {
                            hooked = new FailureHooks(hooked, new DoorCall(next, near), type, descriptor);
                        }
                        if (hooks == Hooks.LEAVE && descriptor.equals("()V")) {
                            HookPoint point = new HookPoint(type, name, HookPoint.Place.AT_ENTRY, Event.RETURNING);
                            hooked = new PlaceHooks(
                                    next, new DoorCall(next, near), List.of(point), type, name, descriptor);
                        }
                        return hooked;
                    }
                },
                ClassReader.EXPAND_FRAMES);
        return writer.toByteArray();
    }

    /** What the verifier says of each class that it takes as it was, and not as it is now. */
    private static List<String> refused(Map<String, byte[]> woven) {
        WovenLoader plain = new WovenLoader(true, OWN);
        WovenLoader loader = new WovenLoader(true, OWN);
        woven.forEach(loader::define);
        List<String> refused = new ArrayList<>();
        int verified = 0;
        for (String name : woven.keySet()) {
            if (verify(plain, name) != null) {
                continue; // what it needs is not here
            }
            LinkageError trouble = verify(loader, name);
            if (trouble == null) {
                verified++;
            } else {
                refused.add(name + ": " + trouble);
            }
        }
        assertThat(verified).as("verified").isGreaterThan(woven.size() / 2);
        return refused;
    }

    private static @Nullable LinkageError verify(WovenLoader loader, String name) {
        try {
            assertThat(loader.loadClass(name).getDeclaredMethods())
                    .as("links it")
                    .isNotNull();
            return null;
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException(missing);
        } catch (LinkageError trouble) {
            return trouble;
        }
    }

    private static List<String> classes() throws Exception {
        List<String> classes = new ArrayList<>();
        for (Class<?> one : List.of(Driver.class, HikariDataSource.class)) {
            CodeSource source = one.getProtectionDomain().getCodeSource();
            URI place = source.getLocation().toURI();
            try (JarFile jar = new JarFile(Path.of(place).toFile())) {
                jar.stream()
                        .map(ZipEntry::getName)
                        .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
                        .map(name -> name.substring(0, name.length() - ".class".length())
                                .replace('/', '.'))
                        .filter(name -> name.startsWith(OWN[0]) || name.startsWith(OWN[1]))
                        .filter(name -> !name.endsWith("-info"))
                        .forEach(classes::add);
            }
        }
        return classes;
    }
}
