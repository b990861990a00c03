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
 * Makes room for local variables of ours behind a method's parameters: its own move up, and every stack map frame has
 * ours. The first of them keeps {@code this}: a method may let go of its local 0, as those of JDK proxies do in their
 * handlers from Java 24 on, and then a handler of ours over the whole method could not name it.
 */
abstract class OwnLocals extends MethodVisitor {
    private final List<Object> types = new ArrayList<>();
    private final int first;
    private final int room;

    /**
     * For one method.
     *
     * @param className of {@code this}
     * @param more frame types of the locals behind {@code this} that are set at the method's entry
     * @param scratch slots that are set and read at once, and so stand in no frame
     */
    OwnLocals(MethodVisitor next, String className, String descriptor, List<Object> more, int scratch) {
        super(HookVisitor.API, next);
        types.add(className);
        types.addAll(more);
        first = Type.getArgumentsAndReturnSizes(descriptor) >> 2; // the arguments, with this
        room = slots(types) + scratch;
    }

    /** The local variable that keeps {@code this}; the others of ours follow. */
    final int self() {
        return first;
    }

    @Override
    public void visitCode() {
        super.visitCode();
        mv.visitVarInsn(Opcodes.ALOAD, 0);
        mv.visitVarInsn(Opcodes.ASTORE, first);
    }

    /** The frame of a handler over the whole method: of its locals, only ours are sure. */
    final void visitHandlerFrame() {
        List<Object> locals = new ArrayList<>();
        for (int slot = 0; slot < first; slot++) {
            locals.add(Opcodes.TOP);
        }
        locals.addAll(types);
        mv.visitFrame(Opcodes.F_NEW, locals.size(), locals.toArray(), 1, new Object[] {"java/lang/Throwable"});
    }

    @Override
    public void visitFrame(int type, int numLocal, Object[] local, int numStack, Object[] stack) {
        if (type != Opcodes.F_NEW) {
            throw new IllegalStateException("frames must be expanded");
        }
        List<Object> locals = new ArrayList<>();
        int slot = 0;
        int i = 0;
        for (; i < numLocal && slot < first; i++) {
            locals.add(local[i]);
            slot += slots(List.of(local[i]));
        }
        if (slot > first) {
            throw new IllegalStateException("a local variable lies across the end of the parameters");
        }
        for (; slot < first; slot++) {
            locals.add(Opcodes.TOP);
        }
        locals.addAll(types);
        for (int free = slots(types); free < room; free++) {
            locals.add(Opcodes.TOP);
        }
        for (; i < numLocal; i++) {
            locals.add(local[i]);
        }
        super.visitFrame(Opcodes.F_NEW, locals.size(), locals.toArray(), numStack, stack);
    }

    private static int slots(List<Object> types) {
        int slots = 0;
        for (Object type : types) {
            slots += type == Opcodes.LONG || type == Opcodes.DOUBLE ? 2 : 1;
        }
        return slots;
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
        return variable < first ? variable : variable + room;
    }
}
