// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Writes a call through the door: directly, where the woven class sees {@link Door}; else by way of the system class
 * loader and with JDK types only. Straight-line code that throws nothing, so it can stand anywhere.
 */
final class DoorCall {
    private static final String DOOR = "io/github/pgleash/connect/Door";
    private static final String FAR = "io.github.pgleash.connect.Door$Far";

    private final MethodVisitor code;
    private final boolean near;

    /** Puts one value of the woven method onto the stack. */
    interface Loader {
        void load(Event.Value value);
    }

    /** @param code what writes the method, past any visitor that would see the call as the method's own */
    DoorCall(MethodVisitor code, boolean near) {
        this.code = code;
        this.near = near;
    }

    /** Leaves the event's answer on the stack, if it has one. */
    void tell(Event event, Loader values) {
        if (near) {
            for (Event.Value value : event.values) {
                values.load(value);
            }
            code.visitMethodInsn(Opcodes.INVOKESTATIC, DOOR, event.doorMethod, event.descriptor(), false);
        } else {
            findFarDoor();
            code.visitLdcInsn(event.doorMethod);
            array(event, values);
            code.visitMethodInsn(
                    Opcodes.INVOKEINTERFACE,
                    "java/util/function/BiFunction",
                    "apply",
                    "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;",
                    true);
            unbox(event.answer);
        }
    }

    /** {@code (BiFunction) Class.forName(FAR, false, ClassLoader.getSystemClassLoader()).getField("DOOR").get(null)}. */
    private void findFarDoor() {
        code.visitLdcInsn(FAR);
        code.visitInsn(Opcodes.ICONST_0);
        call(Opcodes.INVOKESTATIC, "java/lang/ClassLoader", "getSystemClassLoader", "()Ljava/lang/ClassLoader;");
        call(
                Opcodes.INVOKESTATIC,
                "java/lang/Class",
                "forName",
                "(Ljava/lang/String;ZLjava/lang/ClassLoader;)Ljava/lang/Class;");
        code.visitLdcInsn("DOOR");
        call(Opcodes.INVOKEVIRTUAL, "java/lang/Class", "getField", "(Ljava/lang/String;)Ljava/lang/reflect/Field;");
        code.visitInsn(Opcodes.ACONST_NULL);
        call(Opcodes.INVOKEVIRTUAL, "java/lang/reflect/Field", "get", "(Ljava/lang/Object;)Ljava/lang/Object;");
        code.visitTypeInsn(Opcodes.CHECKCAST, "java/util/function/BiFunction");
    }

    private void array(Event event, Loader values) {
        code.visitIntInsn(Opcodes.BIPUSH, event.values.size());
        code.visitTypeInsn(Opcodes.ANEWARRAY, "java/lang/Object");
        for (int i = 0; i < event.values.size(); i++) {
            Event.Value value = event.values.get(i);
            code.visitInsn(Opcodes.DUP);
            code.visitIntInsn(Opcodes.BIPUSH, i);
            values.load(value);
            if (value == Event.Value.TICKET) {
                call(Opcodes.INVOKESTATIC, "java/lang/Long", "valueOf", "(J)Ljava/lang/Long;");
            }
            code.visitInsn(Opcodes.AASTORE);
        }
    }

    private void unbox(Event.Answer answer) {
        switch (answer) {
            case NOTHING -> code.visitInsn(Opcodes.POP);
            case TICKET -> {
                code.visitTypeInsn(Opcodes.CHECKCAST, "java/lang/Long");
                call(Opcodes.INVOKEVIRTUAL, "java/lang/Long", "longValue", "()J");
            }
            case GO_ON -> {
                code.visitTypeInsn(Opcodes.CHECKCAST, "java/lang/Boolean");
                call(Opcodes.INVOKEVIRTUAL, "java/lang/Boolean", "booleanValue", "()Z");
            }
        }
    }

    private void call(int opcode, String owner, String name, String descriptor) {
        code.visitMethodInsn(opcode, owner, name, descriptor, false);
    }
}
