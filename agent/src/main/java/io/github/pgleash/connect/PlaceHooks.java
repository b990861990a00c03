// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import io.github.pgleash.connect.HookPoint.Place;
import java.util.List;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/** Tells events at single places of a method: its entry, after {@code super(...)}, before its returns. */
final class PlaceHooks extends MethodVisitor implements DoorCall.Loader {
    private static final String PROPERTIES = "Ljava/util/Properties;";
    private static final String CONNECTION = "Lorg/postgresql/core/BaseConnection;";

    private final DoorCall door;
    private final List<HookPoint> points;
    private final String className;
    private final int properties;
    private final int connection;
    private boolean awaitsSuper;
    private int newObjects;

    PlaceHooks(
            MethodVisitor next,
            DoorCall door,
            List<HookPoint> points,
            String className,
            String method,
            String descriptor) {
        super(HookVisitor.API, next);
        this.door = door;
        this.points = points;
        this.className = className;
        this.properties = parameter(descriptor, PROPERTIES);
        this.connection = parameter(descriptor, CONNECTION);
        this.awaitsSuper = method.equals("<init>");
    }

    /** Whether a method of that descriptor has the parameters that an event wants. */
    static boolean has(String descriptor, Event event) {
        return (!event.values.contains(Event.Value.PROPERTIES) || parameter(descriptor, PROPERTIES) > 0)
                && (!event.values.contains(Event.Value.CONNECTION) || parameter(descriptor, CONNECTION) > 0);
    }

    /** Local variable of the first parameter of that type; -1 without one. */
    private static int parameter(String descriptor, String wanted) {
        int index = 1;
        for (Type type : Type.getArgumentTypes(descriptor)) {
            if (type.getDescriptor().equals(wanted)) {
                return index;
            }
            index += type.getSize();
        }
        return -1;
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
        for (HookPoint point : points) {
            if (point.place() == place) {
                door.tell(point.event(), this);
                if (point.event().answer == Event.Answer.GO_ON) {
                    leaveUnlessGoOn();
                }
            }
        }
    }

    /** Only at the entry of a method without parameters that returns nothing: there the frame is {@code this} alone. */
    private void leaveUnlessGoOn() {
        Label goOn = new Label();
        super.visitJumpInsn(Opcodes.IFNE, goOn);
        super.visitInsn(Opcodes.RETURN);
        super.visitLabel(goOn);
        super.visitFrame(Opcodes.F_NEW, 1, new Object[] {className}, 0, new Object[0]);
        super.visitInsn(Opcodes.NOP); // the method may begin with a frame of its own
    }

    /** No switch: one over an enum makes a class of its own, which the first connection would wait for. */
    @Override
    public void load(Event.Value value) {
        if (value == Event.Value.THIS) {
            super.visitVarInsn(Opcodes.ALOAD, 0);
        } else if (value == Event.Value.PROPERTIES) {
            super.visitVarInsn(Opcodes.ALOAD, properties);
        } else if (value == Event.Value.CONNECTION) {
            super.visitVarInsn(Opcodes.ALOAD, connection);
        } else {
            throw new IllegalStateException(value + " is only known around a call");
        }
    }
}
