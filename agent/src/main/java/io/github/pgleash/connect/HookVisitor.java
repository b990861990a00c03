// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import io.github.pgleash.connect.HookPoint.Place;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * Puts calls through the door into the hooked methods of one class. Nothing is added to the class but code, so it can be
 * woven again, and by others too. Reads expanded frames. No lambdas, here and in what it calls: their bootstrap would take
 * longer than the weaving.
 */
final class HookVisitor extends ClassVisitor {
    static final int API = Opcodes.ASM9;

    private final List<HookPoint> points;
    private final boolean near;
    private String className = "";
    private int hooked;

    /** @param near whether the woven class sees {@link Door} */
    HookVisitor(ClassVisitor next, List<HookPoint> points, boolean near) {
        super(API, next);
        this.points = points;
        this.near = near;
    }

    /** How many methods were hooked. */
    int hooked() {
        return hooked;
    }

    @Override
    public void visit(
            int version,
            int access,
            String name,
            @Nullable String signature,
            @Nullable String superName,
            String @Nullable [] interfaces) {
        className = name;
        super.visit(version, access, name, signature, superName, interfaces);
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
            int access, String name, String descriptor, @Nullable String signature, String @Nullable [] exceptions) {
        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
        boolean hasBody = (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE | Opcodes.ACC_STATIC)) == 0;
        List<HookPoint> here = hasBody && next != null ? pointsOf(name, descriptor) : List.of();
        if (here.isEmpty() || next == null) {
            return next;
        }
        hooked++;
        MethodVisitor woven = next;
        if (has(here, Place.AROUND)) {
            woven = new CallHooks(next, new DoorCall(next, near), className, descriptor);
        }
        if (has(here, Place.ON_FAILURE)) {
            woven = new FailureHooks(woven, new DoorCall(woven, near), className, descriptor);
        }
        return new PlaceHooks(woven, new DoorCall(next, near), here, className, name, descriptor);
    }

    private static boolean has(List<HookPoint> points, Place place) {
        for (HookPoint point : points) {
            if (point.place() == place) {
                return true;
            }
        }
        return false;
    }

    private List<HookPoint> pointsOf(String method, String descriptor) {
        List<HookPoint> here = new ArrayList<>();
        for (HookPoint point : points) {
            if (point.method().equals(method) && fits(point, descriptor)) {
                here.add(point);
            }
        }
        return here;
    }

    private static boolean fits(HookPoint point, String descriptor) {
        if (point.place() == Place.AROUND) {
            return isReference(Type.getReturnType(descriptor));
        }
        if (point.event() == Event.RETURNING) {
            return descriptor.equals("()V");
        }
        return PlaceHooks.has(descriptor, point.event());
    }

    /** Of any class: Druid's data source declares its own kind of connection. What it is, is asked at run time. */
    private static boolean isReference(Type type) {
        return type.getSort() == Type.OBJECT;
    }
}
