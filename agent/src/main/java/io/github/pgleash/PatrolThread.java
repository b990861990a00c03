// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The one thread of the agent: a daemon that belongs to no application's class loader, group or context. */
final class PatrolThread extends Thread {
    private volatile @Nullable Runnable patrol;

    PatrolThread() {
        super(null, null, "pgleash", 0, false);
        setDaemon(true);
        setContextClassLoader(null);
    }

    void start(Runnable work) {
        patrol = work;
        start();
    }

    /** Ends its pause. */
    void wake() {
        LockSupport.unpark(this);
    }

    @Override
    public void run() {
        Runnable work = patrol;
        if (work != null) {
            work.run();
        }
    }
}
