// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import java.time.Duration;

/**
 * Whether somebody reads the MBean: while they do, snapshots are kept fresh in the background, and otherwise no server is
 * asked anything.
 */
public final class Attention {
    private final Runnable wake;
    private volatile boolean paid;

    /** @param wake makes the patrol look now */
    public Attention(Runnable wake) {
        this.wake = wake;
    }

    /** An attribute is being read, with a snapshot of that age. Never blocks. */
    void paid(boolean snapshotIsOld) {
        if (snapshotIsOld && !paid) {
            paid = true;
            wake.run();
        }
    }

    /** Whether somebody has read since the last call. */
    public boolean take() {
        boolean was = paid;
        paid = false;
        return was;
    }

    /** From that age on a snapshot is old; below the four seconds in which JConsole reads again. */
    static final Duration OLD = Duration.ofSeconds(2);
}
