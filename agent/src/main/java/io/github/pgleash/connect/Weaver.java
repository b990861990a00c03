// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import org.jspecify.annotations.Nullable;

/**
 * Weaves the classes of the hook table when they are loaded, and at install those that were loaded before. Looks at a
 * class's name before it touches anything; ASM itself is loaded with the first class that is woven. Called by whatever
 * thread loads a class.
 */
public final class Weaver implements ClassFileTransformer {
    private final Map<String, List<HookPoint>> table = HookPoint.byClass();
    private final Set<Class<?>> loadedBeforeAttach =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private Weaver() {}

    /** @param attached whether the application runs already, so that connections may be open */
    public static void install(Instrumentation instrumentation, boolean attached) {
        Weaver weaver = new Weaver();
        instrumentation.addTransformer(weaver, true);
        weaver.weaveLoaded(instrumentation, attached);
    }

    /** With an AOT cache, or on attach, the driver is there before us. */
    private void weaveLoaded(Instrumentation instrumentation, boolean attached) {
        List<Class<?>> found = new ArrayList<>();
        for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
            if (table.containsKey(loaded.getName().replace('.', '/')) && instrumentation.isModifiableClass(loaded)) {
                found.add(loaded);
            }
        }
        if (attached) {
            loadedBeforeAttach.addAll(found);
        }
        for (Class<?> loaded : found) {
            try {
                instrumentation.retransformClasses(loaded);
            } catch (UnmodifiableClassException | LinkageError | RuntimeException trouble) {
                System.err.println("pgleash: cannot weave " + loaded.getName()
                        + ", it was loaded before and will not change: " + trouble);
            }
        }
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable Module module,
            @Nullable ClassLoader loader,
            @Nullable String className,
            @Nullable Class<?> loaded,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        List<HookPoint> points = className == null ? null : table.get(className);
        if (points == null) {
            return null;
        }
        try {
            return weave(bytes, wanted(points, loaded), seesDoor(loader));
        } catch (Throwable trouble) {
            System.err.println("pgleash: cannot weave " + className + " and leaves it as it is: " + trouble);
            return null;
        }
    }

    private List<HookPoint> wanted(List<HookPoint> points, @Nullable Class<?> loaded) {
        boolean early = loaded != null && loadedBeforeAttach.contains(loaded);
        List<HookPoint> wanted = new ArrayList<>();
        for (HookPoint point : points) {
            if (early || !point.onlyOnAttach()) {
                wanted.add(point);
            }
        }
        return wanted;
    }

    static byte[] weave(byte[] bytes, List<HookPoint> points, boolean near) {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(new HookVisitor(writer, points, near), 0);
        return writer.toByteArray();
    }

    private static boolean seesDoor(@Nullable ClassLoader loader) {
        try {
            return Class.forName(Door.class.getName(), false, loader) == Door.class;
        } catch (Throwable notVisible) {
            return false;
        }
    }
}
