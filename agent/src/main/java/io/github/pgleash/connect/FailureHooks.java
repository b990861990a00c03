// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.util.List;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Tells when a method throws, by one entry in its exception table: nothing of ours runs while it does not, but for a copy
 * of {@code this}. The handler comes last, after the method's own, and rethrows what it was given.
 */
final class FailureHooks extends OwnLocals implements DoorCall.Loader {
    private final DoorCall door;
    private final int failure;
    private final Label begin = new Label();
    private final Label end = new Label();

    FailureHooks(MethodVisitor next, DoorCall door, String className, String descriptor) {
        super(next, className, descriptor, List.of(), 1);
        this.door = door;
        this.failure = self() + 1;
    }

    @Override
    public void visitCode() {
        super.visitCode();
        mv.visitLabel(begin);
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
        mv.visitLabel(end);
        mv.visitTryCatchBlock(begin, end, end, null);
        visitHandlerFrame();
        mv.visitVarInsn(Opcodes.ASTORE, failure);
        door.tell(Event.FAILED, this);
        mv.visitVarInsn(Opcodes.ALOAD, failure);
        mv.visitInsn(Opcodes.ATHROW);
        super.visitMaxs(maxStack, maxLocals);
    }

    @Override
    public void load(Event.Value value) {
        mv.visitVarInsn(Opcodes.ALOAD, value == Event.Value.THIS ? self() : failure);
    }
}
