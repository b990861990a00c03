// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.jar.asm.TypePath;
import org.jspecify.annotations.Nullable;

/**
 * Tells a whole call: a ticket is drawn at the entry and kept in a local variable, and shown with the result or the
 * exception, so that nested calls can be told from sequels without any thread-local state. The method's own local
 * variables move up to make room behind its parameters.
 */
final class CallHooks extends MethodVisitor {
    /** The ticket takes two slots, the result one. */
    private static final int ROOM = 3;

    private final DoorCall door;
    private final String className;
    private final int ticket;
    private final int result;
    private final Label begin = new Label();
    private final Label end = new Label();

    CallHooks(MethodVisitor next, DoorCall door, String className, String descriptor) {
        super(HookVisitor.API, next);
        this.door = door;
        this.className = className;
        // Counts the arguments with this.
        this.ticket = Type.getArgumentsAndReturnSizes(descriptor) >> 2;
        this.result = ticket + 2;
    }

    @Override
    public void visitCode() {
        super.visitCode();
        door.tell(Event.BORROWING, this::load);
        super.visitVarInsn(Opcodes.LSTORE, ticket);
        super.visitLabel(begin);
    }

    @Override
    public void visitInsn(int opcode) {
        if (opcode == Opcodes.ARETURN) {
            super.visitInsn(Opcodes.DUP);
            super.visitVarInsn(Opcodes.ASTORE, result);
            door.tell(Event.BORROWED, this::load);
        }
        super.visitInsn(opcode);
    }

    /** The handler comes last, so that the method's own handlers are asked first; it rethrows what it was given. */
    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
        super.visitLabel(end);
        super.visitTryCatchBlock(begin, end, end, null);
        List<Object> locals = new ArrayList<>();
        locals.add(className);
        for (int slot = 1; slot < ticket; slot++) {
            locals.add(Opcodes.TOP);
        }
        locals.add(Opcodes.LONG);
        super.visitFrame(Opcodes.F_NEW, locals.size(), locals.toArray(), 1, new Object[] {"java/lang/Throwable"});
        super.visitVarInsn(Opcodes.ASTORE, result);
        door.tell(Event.BORROW_FAILED, this::load);
        super.visitVarInsn(Opcodes.ALOAD, result);
        super.visitInsn(Opcodes.ATHROW);
        super.visitMaxs(maxStack, maxLocals);
    }

    private void load(Event.Value value) {
        switch (value) {
            case THIS -> super.visitVarInsn(Opcodes.ALOAD, 0);
            case RESULT -> super.visitVarInsn(Opcodes.ALOAD, result);
            case TICKET -> super.visitVarInsn(Opcodes.LLOAD, ticket);
            case PROPERTIES, CONNECTION -> throw new IllegalStateException(value + " is not known around a call");
        }
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
        super.visitVarInsn(opcode, moved(variable));
    }

    @Override
    public void visitIincInsn(int variable, int increment) {
        super.visitIincInsn(moved(variable), increment);
    }

    @Override
    public void visitLocalVariable(
            String name, String descriptor, @Nullable String signature, Label start, Label stop, int index) {
        super.visitLocalVariable(name, descriptor, signature, start, stop, moved(index));
    }

    @Override
    public @Nullable AnnotationVisitor visitLocalVariableAnnotation(
            int typeRef,
            @Nullable TypePath typePath,
            Label[] start,
            Label[] stop,
            int[] index,
            String descriptor,
            boolean visible) {
        int[] moved = index.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] = moved(index[i]);
        }
        return super.visitLocalVariableAnnotation(typeRef, typePath, start, stop, moved, descriptor, visible);
    }

    private int moved(int variable) {
        return variable < ticket ? variable : variable + ROOM;
    }

    @Override
    public void visitFrame(int type, int numLocal, Object[] local, int numStack, Object[] stack) {
        if (type != Opcodes.F_NEW) {
            throw new IllegalStateException("frames must be expanded");
        }
        List<Object> locals = new ArrayList<>();
        int slot = 0;
        int i = 0;
        for (; i < numLocal && slot < ticket; i++) {
            locals.add(local[i]);
            slot += local[i] == Opcodes.LONG || local[i] == Opcodes.DOUBLE ? 2 : 1;
        }
        if (slot > ticket) {
            throw new IllegalStateException("a local variable lies across the end of the parameters");
        }
        for (; slot < ticket; slot++) {
            locals.add(Opcodes.TOP);
        }
        locals.add(Opcodes.LONG);
        locals.add(Opcodes.TOP);
        for (; i < numLocal; i++) {
            locals.add(local[i]);
        }
        super.visitFrame(Opcodes.F_NEW, locals.size(), locals.toArray(), numStack, stack);
    }
}
