// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether shutdown hooks of the application are still at work. Java tells nobody which hooks there are, and starts them
 * all at once; so every thread counts as one that was not there when the patrol last looked, and is no daemon and no part
 * of a pool or of the JVM. Who is counted wrongly makes the exit wait for it a moment longer, and that has an end.
 */
public final class OtherHooks {
    private static final String OURS = "io.github.pgleash.";

    private final BooleanSupplier exiting;
    private volatile Set<Long> known = Set.of();
    private List<Thread> hooks = List.of();
    private boolean allStarted;

    public OtherHooks() {
        this(new JvmExits()); // no lambda: made while the application opens its first connection
    }

    OtherHooks(BooleanSupplier exiting) {
        this.exiting = exiting;
    }

    private static final class JvmExits implements BooleanSupplier {
        @Override
        public boolean getAsBoolean() {
            return JvmExit.hasBegun();
        }
    }

    /** Notes who runs while nobody exits. Called by the patrol, at each round: it asks for no stacks. */
    public void noteThreads() {
        ThreadGroup root = root();
        Thread[] threads = new Thread[root.activeCount() + 64];
        int count = root.enumerate(threads, true);
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < count; i++) {
            ids.add(threads[i].getId());
        }
        if (!exiting.getAsBoolean()) { // asked last: hooks may have been started meanwhile
            known = ids;
        }
    }

    boolean knows(Thread thread) {
        return known.contains(thread.getId());
    }

    private static ThreadGroup root() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }

    /**
     * Whether one is still at work. Called by the shutdown hook, again and again.
     *
     * @param owners ids of threads that borrowed before the exit began, so that they are no hooks
     */
    boolean areAtWork(Set<Long> owners) {
        if (!allStarted) {
            look(owners);
        }
        return !allStarted || hooks.stream().anyMatch(Thread::isAlive);
    }

    private void look(Set<Long> owners) {
        List<Thread> found = new ArrayList<>();
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            Thread thread = entry.getKey();
            StackTraceElement[] stack = entry.getValue();
            if (isIn("java.lang.ApplicationShutdownHooks", stack) && isIn("java.lang.Thread", "join", stack)) {
                allStarted = true; // this one starts them all, and then waits for each
            } else if (!knows(thread) && !owners.contains(thread.getId()) && mayBeHook(thread, stack)) {
                found.add(thread);
            }
        }
        hooks = found;
    }

    private static boolean mayBeHook(Thread thread, StackTraceElement[] stack) {
        ThreadGroup group = thread.getThreadGroup();
        return !thread.isDaemon() // a driver's cleaner or the like; few make a hook of one
                && thread != Thread.currentThread()
                && !thread.getClass().getName().startsWith(OURS)
                && group != null
                && group.getParent() != null // the JVM's own threads are in the outermost
                && !isIn("java.lang.Shutdown", stack) // whoever exits
                && !isIn("java.util.concurrent.ThreadPoolExecutor$Worker", stack)
                && !isIn("java.util.concurrent.ForkJoinWorkerThread", stack);
    }

    private static boolean isIn(String type, StackTraceElement[] stack) {
        return isIn(type, null, stack);
    }

    private static boolean isIn(String type, @Nullable String method, StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (frame.getClassName().equals(type)
                    && (method == null || frame.getMethodName().equals(method))) {
                return true;
            }
        }
        return false;
    }
}
