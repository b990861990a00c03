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
 * Puts calls through the door into the hooked methods of one class. The calls are straight-line code with the stack as
 * it was, so no stack map frame changes; nothing is added to the class, so it can be woven again and by others too.
 */
final class HookVisitor extends ClassVisitor {
    private static final int API = Opcodes.ASM9;
    private static final String DOOR = "io/github/pgleash/connect/Door";

    private final List<HookPoint> points;
    private final boolean near;

    /** @param near whether the woven class sees {@link Door} */
    HookVisitor(ClassVisitor next, List<HookPoint> points, boolean near) {
        super(API, next);
        this.points = points;
        this.near = near;
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
            int access, String name, String descriptor, @Nullable String signature, String @Nullable [] exceptions) {
        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
        boolean hasBody = (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE | Opcodes.ACC_STATIC)) == 0;
        List<HookPoint> here = hasBody ? pointsOf(name, descriptor) : List.of();
        return here.isEmpty() ? next : new MethodHooks(next, here, name.equals("<init>"), propertiesIndex(descriptor));
    }

    private List<HookPoint> pointsOf(String method, String descriptor) {
        List<HookPoint> here = new ArrayList<>();
        for (HookPoint point : points) {
            boolean givesAll =
                    !point.event().values.contains(Event.Value.PROPERTIES) || propertiesIndex(descriptor) >= 0;
            if (point.method().equals(method) && givesAll) {
                here.add(point);
            }
        }
        return here;
    }

    /** Local variable of the first Properties parameter; -1 without one. */
    private static int propertiesIndex(String descriptor) {
        int index = 1;
        for (Type type : Type.getArgumentTypes(descriptor)) {
            if (type.getDescriptor().equals(Event.Value.PROPERTIES.descriptor)) {
                return index;
            }
            index += type.getSize();
        }
        return -1;
    }

    private final class MethodHooks extends MethodVisitor {
        private final List<HookPoint> here;
        private final int properties;
        private boolean awaitsSuper;
        private int newObjects;

        MethodHooks(@Nullable MethodVisitor next, List<HookPoint> here, boolean constructor, int properties) {
            super(API, next);
            this.here = here;
            this.awaitsSuper = constructor;
            this.properties = properties;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            tell(Place.AT_ENTRY);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            super.visitTypeInsn(opcode, type);
            if (opcode == Opcodes.NEW) {
                newObjects++;
            }
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            if (awaitsSuper && opcode == Opcodes.INVOKESPECIAL && name.equals("<init>")) {
                if (newObjects > 0) {
                    newObjects--; // an argument of super(...)
                } else {
                    awaitsSuper = false;
                    tell(Place.AFTER_SUPER);
                }
            }
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
                tell(Place.BEFORE_RETURN);
            }
            super.visitInsn(opcode);
        }

        private void tell(Place place) {
            for (HookPoint point : here) {
                if (point.place() == place) {
                    if (near) {
                        near(point.event());
                    } else {
                        far(point.event());
                    }
                }
            }
        }

        private void near(Event event) {
            for (Event.Value value : event.values) {
                load(value);
            }
            super.visitMethodInsn(Opcodes.INVOKESTATIC, DOOR, event.doorMethod, event.descriptor(), false);
        }

        /** {@code ((BiFunction) Class.forName(DOOR, false, getSystemClassLoader()).getField("FAR").get(null)).apply(..)}. */
        private void far(Event event) {
            super.visitLdcInsn(DOOR.replace('/', '.'));
            super.visitInsn(Opcodes.ICONST_0);
            super.visitMethodInsn(
                    Opcodes.INVOKESTATIC,
                    "java/lang/ClassLoader",
                    "getSystemClassLoader",
                    "()Ljava/lang/ClassLoader;",
                    false);
            super.visitMethodInsn(
                    Opcodes.INVOKESTATIC,
                    "java/lang/Class",
                    "forName",
                    "(Ljava/lang/String;ZLjava/lang/ClassLoader;)Ljava/lang/Class;",
                    false);
            super.visitLdcInsn("FAR");
            super.visitMethodInsn(
                    Opcodes.INVOKEVIRTUAL,
                    "java/lang/Class",
                    "getField",
                    "(Ljava/lang/String;)Ljava/lang/reflect/Field;",
                    false);
            super.visitInsn(Opcodes.ACONST_NULL);
            super.visitMethodInsn(
                    Opcodes.INVOKEVIRTUAL,
                    "java/lang/reflect/Field",
                    "get",
                    "(Ljava/lang/Object;)Ljava/lang/Object;",
                    false);
            super.visitTypeInsn(Opcodes.CHECKCAST, "java/util/function/BiFunction");
            super.visitLdcInsn(event.doorMethod);
            super.visitIntInsn(Opcodes.BIPUSH, event.values.size());
            super.visitTypeInsn(Opcodes.ANEWARRAY, "java/lang/Object");
            for (int i = 0; i < event.values.size(); i++) {
                super.visitInsn(Opcodes.DUP);
                super.visitIntInsn(Opcodes.BIPUSH, i);
                load(event.values.get(i));
                super.visitInsn(Opcodes.AASTORE);
            }
            super.visitMethodInsn(
                    Opcodes.INVOKEINTERFACE,
                    "java/util/function/BiFunction",
                    "apply",
                    "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;",
                    true);
            super.visitInsn(Opcodes.POP);
        }

        private void load(Event.Value value) {
            switch (value) {
                case THIS -> super.visitVarInsn(Opcodes.ALOAD, 0);
                case PROPERTIES -> super.visitVarInsn(Opcodes.ALOAD, properties);
            }
        }
    }
}
