// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class BorrowStackTest {
    /** Code of an application, which calls what it is given. */
    public static final class Code implements Consumer<Runnable> {
        @Override
        public void accept(Runnable next) {
            next.run();
        }
    }

    private final BorrowStack[] taken = new BorrowStack[1];

    @Test
    void as_text_it_keeps_no_class_loader_of_its_frames() throws Exception {
        WeakReference<ClassLoader> loader = takeThroughAnotherLoader();
        System.gc();
        assertThat(loader.get()).as("noted, it does").isNotNull();

        List<StackTraceElement> text = taken[0].frames();

        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!loader.refersTo(null) && System.nanoTime() - deadline < 0) {
            System.gc();
        }
        assertThat(loader.refersTo(null)).isTrue();
        assertThat(taken[0].frames()).isSameAs(text);
    }

    @Test
    void its_text_stays_the_same() {
        BorrowStack stack = new BorrowStack();
        assertThat(stack.frames()).isSameAs(stack.frames());
    }

    private WeakReference<ClassLoader> takeThroughAnotherLoader() throws Exception {
        ClassLoader loader = new OtherLoader();
        @SuppressWarnings("unchecked")
        Consumer<Runnable> code = (Consumer<Runnable>)
                loader.loadClass(Code.class.getName()).getDeclaredConstructor().newInstance();
        code.accept(() -> taken[0] = new BorrowStack());
        return new WeakReference<>(loader);
    }

    private static final class OtherLoader extends ClassLoader {
        OtherLoader() {
            super(BorrowStackTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Code.class.getName())) {
                return super.loadClass(name, resolve);
            }
            try (InputStream file =
                    Objects.requireNonNull(Code.class.getResourceAsStream("/" + name.replace('.', '/') + ".class"))) {
                byte[] bytes = file.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (java.io.IOException unreadable) {
                throw new ClassNotFoundException(name, unreadable);
            }
        }
    }
}
