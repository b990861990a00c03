// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.FakePostgres;
import java.lang.reflect.InvocationHandler;
import java.sql.Connection;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;

class LazyHandlesTest {
    @Test
    void a_proxy_with_a_handler_of_springs_data_sources_is_lazy() throws Exception {
        Connection handle = Handles.proxy(handler("org/springframework/jdbc/datasource/Lazy$Handler"));

        assertThat(LazyHandles.isLazy(handle)).isTrue();
    }

    @Test
    void any_other_handle_is_not() throws Exception {
        assertThat(LazyHandles.isLazy(Handles.proxy(handler("org/springframework/jdbc/Other"))))
                .isFalse();
        assertThat(LazyHandles.isLazy(Handles.empty())).isFalse();
        try (FakePostgres server = new FakePostgres();
                Connection physical = server.connect(7)) {
            assertThat(LazyHandles.isLazy(physical)).isFalse();
        }
    }

    @Test
    void a_lazy_handle_is_no_borrow_and_what_it_borrows_later_is() throws Exception {
        BorrowRegistry borrows =
                new BorrowRegistry(type -> true, BorrowStacks.never(), new ConnectionRegistry(), type -> false);
        Connection lazy = Handles.proxy(handler("org/springframework/jdbc/datasource/Lazy$Handler"));
        Lenders.Lender pool = new Lenders.Lender(Handles::empty);

        borrows.borrowed(pool, lazy, borrows.ticket());
        assertThat(borrows.size()).isZero();
        borrows.borrowed(pool, Handles.empty(), borrows.ticket());
        assertThat(borrows.size()).isOne();
    }

    /** A handler of that name, which answers null to everything. */
    private static InvocationHandler handler(String name) throws Exception {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(Opcodes.V1_8, Opcodes.ACC_PUBLIC, name, null, "java/lang/Object", new String[] {
            "java/lang/reflect/InvocationHandler"
        });
        MethodVisitor constructor = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
        constructor.visitVarInsn(Opcodes.ALOAD, 0);
        constructor.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        constructor.visitInsn(Opcodes.RETURN);
        constructor.visitMaxs(0, 0);
        MethodVisitor invoke = writer.visitMethod(
                Opcodes.ACC_PUBLIC,
                "invoke",
                "(Ljava/lang/Object;Ljava/lang/reflect/Method;[Ljava/lang/Object;)Ljava/lang/Object;",
                null,
                null);
        invoke.visitInsn(Opcodes.ACONST_NULL);
        invoke.visitInsn(Opcodes.ARETURN);
        invoke.visitMaxs(0, 0);
        byte[] bytes = writer.toByteArray();
        ClassLoader loader = new ClassLoader(LazyHandlesTest.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String wanted) {
                return defineClass(wanted, bytes, 0, bytes.length);
            }
        };
        return (InvocationHandler)
                loader.loadClass(name.replace('/', '.')).getConstructor().newInstance();
    }
}
