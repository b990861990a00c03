// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.judge;

import io.github.pgleash.observe.ActivityRow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** From what was observed to a verdict. */
public final class Judge {
    private final Thresholds thresholds;

    public Judge(Thresholds thresholds) {
        this.thresholds = thresholds;
    }

    /** @param row the server's side; null when it is not known */
    public Verdict judge(@Nullable ActivityRow row) {
        if (row == null) {
            return Verdict.HEALTHY;
        }
        if (row.waitsForLock() && exceeds(row.queryAge(), thresholds.blockedAfter())) {
            return Verdict.stuck("has been waiting for a lock of pid " + row.blockedBy()
                    + ", in a statement that began " + Ages.text(row.queryAge()) + " ago");
        }
        if (row.isActive() && exceeds(row.queryAge(), thresholds.activeAfter())) {
            return Verdict.stuck("has been running one statement for " + Ages.text(row.queryAge()));
        }
        if (row.isIdleInTransaction() && exceeds(row.stateAge(), thresholds.idleInTransactionAfter())) {
            return Verdict.stuck("has been " + row.state() + " for " + Ages.text(row.stateAge())
                    + ", in a transaction that began " + Ages.text(row.transactionAge()) + " ago");
        }
        return Verdict.HEALTHY;
    }

    private static boolean exceeds(@Nullable Duration age, Duration threshold) {
        return !threshold.isZero() && age != null && age.compareTo(threshold) >= 0;
    }
}
