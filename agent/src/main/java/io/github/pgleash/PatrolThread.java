// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import io.github.pgleash.act.OtherHooks;
import io.github.pgleash.options.Options;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The one thread of the agent: a daemon that belongs to no application's class loader, group or context. */
final class PatrolThread extends Thread {
    /**
     * The first connection is mostly opened in the midst of a start, when the application wants the CPU for itself: JMX
     * alone would take a tenth of a second of it.
     */
    private static final long HEAD_START_NANOS = 400_000_000;

    /** Before that: weaving, which takes less, and of which the first long statement shall have the benefit. */
    private static final long UNTIL_WEAVING_NANOS = 100_000_000;

    private @Nullable Options options;
    private @Nullable Tracking tracking;
    private @Nullable ExitThread exit;

    PatrolThread() {
        super(null, null, "pgleash", 0, false);
        setDaemon(true);
        setContextClassLoader(null);
    }

    void start(Options options, Tracking tracking, ExitThread exit) {
        this.options = options;
        this.tracking = tracking;
        this.exit = exit;
        start();
    }

    /** Ends its pause. */
    void wake() {
        LockSupport.unpark(this);
    }

    @Override
    public void run() {
        if (options != null && tracking != null && exit != null) {
            OtherHooks others = new OtherHooks();
            others.noteThreads(); // at an exit that comes before the first round, they are not taken for hooks
            LockSupport.parkNanos(UNTIL_WEAVING_NANOS);
            weavePostponed(tracking);
            LockSupport.parkNanos(HEAD_START_NANOS);
            new Assembly(options, tracking, this, exit, others).run();
        }
    }

    private static void weavePostponed(Tracking tracking) {
        try {
            tracking.weaver().weavePostponed();
        } catch (Throwable trouble) {
            tracking.problems().add("patrol", trouble.toString());
        }
    }
}
