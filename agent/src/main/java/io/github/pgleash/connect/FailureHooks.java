// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Tells when a method throws, by one entry in its exception table: nothing of ours runs while it does not. The handler
 * comes last, after the method's own, and rethrows what it was given.
 */
final class FailureHooks extends MethodVisitor {
    private final DoorCall door;
    private final String className;
    private final Label begin = new Label();
    private final Label end = new Label();

    FailureHooks(MethodVisitor next, DoorCall door, String className) {
        super(HookVisitor.API, next);
        this.door = door;
        this.className = className;
    }

    @Override
    public void visitCode() {
        super.visitCode();
        super.visitLabel(begin);
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
        super.visitLabel(end);
        super.visitTryCatchBlock(begin, end, end, null);
        super.visitFrame(Opcodes.F_NEW, 1, new Object[] {className}, 1, new Object[] {"java/lang/Throwable"});
        super.visitVarInsn(Opcodes.ASTORE, maxLocals);
        door.tell(Event.FAILED, value -> super.visitVarInsn(Opcodes.ALOAD, value == Event.Value.THIS ? 0 : maxLocals));
        super.visitVarInsn(Opcodes.ALOAD, maxLocals);
        super.visitInsn(Opcodes.ATHROW);
        super.visitMaxs(maxStack, maxLocals);
    }
}
