// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.util.List;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Tells a whole call: a ticket is drawn at the entry and kept in a local variable, and shown with the result or the
 * exception, so that nested calls can be told from sequels without any thread-local state.
 */
final class CallHooks extends OwnLocals implements DoorCall.Loader {
    private final DoorCall door;
    private final int ticket;
    private final int result;
    private final Label begin = new Label();
    private final Label end = new Label();

    CallHooks(MethodVisitor next, DoorCall door, String className, String descriptor) {
        super(next, className, descriptor, List.of(Opcodes.LONG), 1);
        this.door = door;
        this.ticket = self() + 1;
        this.result = ticket + 2;
    }

    @Override
    public void visitCode() {
        super.visitCode();
        door.tell(Event.BORROWING, this);
        mv.visitVarInsn(Opcodes.LSTORE, ticket);
        mv.visitLabel(begin);
    }

    @Override
    public void visitInsn(int opcode) {
        if (opcode == Opcodes.ARETURN) {
            mv.visitInsn(Opcodes.DUP);
            mv.visitVarInsn(Opcodes.ASTORE, result);
            door.tell(Event.BORROWED, this);
        }
        super.visitInsn(opcode);
    }

    /** The handler comes last, so that the method's own handlers are asked first; it rethrows what it was given. */
    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
        mv.visitLabel(end);
        mv.visitTryCatchBlock(begin, end, end, null);
        visitHandlerFrame();
        mv.visitVarInsn(Opcodes.ASTORE, result);
        door.tell(Event.BORROW_FAILED, this);
        mv.visitVarInsn(Opcodes.ALOAD, result);
        mv.visitInsn(Opcodes.ATHROW);
        super.visitMaxs(maxStack, maxLocals);
    }

    /** No switch: one over an enum makes a class of its own, which the first connection would wait for. */
    @Override
    public void load(Event.Value value) {
        if (value == Event.Value.THIS) {
            mv.visitVarInsn(Opcodes.ALOAD, self());
        } else if (value == Event.Value.RESULT) {
            mv.visitVarInsn(Opcodes.ALOAD, result);
        } else if (value == Event.Value.TICKET) {
            mv.visitVarInsn(Opcodes.LLOAD, ticket);
        } else {
            throw new IllegalStateException(value + " is not known around a call");
        }
    }
}
