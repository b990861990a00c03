// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does what an operator or a rule asks on a thread of its own, while the JMX thread or the patrol waits. On the way
 * pools and drivers are called that may log an exception, and logback, as Spring Boot sets it up, looks for the class
 * of each of its frames: among those of a JMX call is one that throws {@link Error} then ("Trampoline must not be
 * defined by the bootstrap classloader"), in the middle of the pool. And nothing of a web application stays behind in a
 * thread of JMX's.
 */
public final class Errand<T> extends Thread {
    private final Supplier<T> work;
    private volatile @Nullable T result;
    private volatile @Nullable Throwable failure;

    private Errand(Supplier<T> work) {
        super(null, null, "pgleash operation", 0, false);
        this.work = work;
        setDaemon(true);
        setContextClassLoader(null);
    }

    /** The result of the work, or its exception with the stack that it has there. */
    public static <T> T run(Supplier<T> work) {
        return started(work).outcome();
    }

    /** For a caller who has other things to do before he asks for the {@link #outcome}; ask he must. */
    static <T> Errand<T> started(Supplier<T> work) {
        Errand<T> errand = new Errand<>(work);
        errand.start();
        return errand;
    }

    @Override
    public void run() {
        try {
            result = work.get();
        } catch (Throwable thrown) {
            failure = thrown;
        }
    }

    /** Whoever interrupts the caller means the work, which then ends soon. */
    private void await() {
        boolean interrupted = false;
        while (isAlive()) {
            try {
                join();
            } catch (InterruptedException meanwhile) {
                interrupted = true;
                interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the end of the work; its result or exception. */
    T outcome() {
        await();
        T done = result;
        if (done != null) {
            return done;
        }
        throw failure instanceof RuntimeException trouble
                ? trouble
                : new IllegalStateException(String.valueOf(failure), failure);
    }
}
