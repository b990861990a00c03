// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.util.List;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import org.jspecify.annotations.Nullable;

/** Weaves one class. Apart from {@link Weaver}, whose verification would load ASM into every JVM, woven in or not. */
final class Loom {
    private Loom() {}

    /** The woven class; null when it has no method to hook. */
    static byte @Nullable [] weave(byte[] bytes, List<HookPoint> points, boolean near) {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        HookVisitor visitor = new HookVisitor(writer, points, near);
        reader.accept(visitor, ClassReader.EXPAND_FRAMES);
        return visitor.hooked() == 0 ? null : writer.toByteArray();
    }
}
