// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.judge;

import io.github.pgleash.judge.Loan.Whereabouts;
import io.github.pgleash.judge.Verdict.Confidence;
import io.github.pgleash.observe.ActivityRow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * From what was tracked and observed to a verdict. Leaked comes before stuck: it says more. When in doubt, healthy: a
 * false alarm costs a working connection.
 */
public final class Judge {
    private final Thresholds thresholds;

    public Judge(Thresholds thresholds) {
        this.thresholds = thresholds;
    }

    /** Whether a borrow is old enough to be examined. */
    public boolean isSuspect(Duration borrowAge) {
        return exceeds(borrowAge, thresholds.leakAfter());
    }

    /**
     * Whether a borrow is old enough for its backend to be stuck.
     *
     * @param inTransaction whether the driver knows of an open transaction
     */
    public boolean mayBeStuck(Duration borrowAge, boolean inTransaction) {
        return (inTransaction && exceeds(borrowAge, thresholds.idleInTransactionAfter()))
                || exceeds(borrowAge, thresholds.activeAfter())
                || exceeds(borrowAge, thresholds.blockedAfter());
    }

    /**
     * Judges one backend.
     *
     * @param loan who has it; null when nobody has
     * @param row the server's side; null when it is not known
     */
    public Verdict judge(@Nullable Loan loan, @Nullable ActivityRow row) {
        Verdict leaked = loan == null || row == null ? Verdict.HEALTHY : leaked(loan, row);
        return leaked.kind() == Verdict.Kind.LEAKED || row == null ? leaked : stuck(row);
    }

    /** A session that works, or did a moment ago, is in use by somebody, whatever became of the thread that borrowed. */
    private Verdict leaked(Loan loan, ActivityRow row) {
        boolean unused = !row.isActive() && exceeds(row.stateAge(), thresholds.leakAfter());
        if (!isSuspect(loan.age()) || !unused || loan.exemption() != null) {
            return Verdict.HEALTHY;
        }
        String used = ", and the session was last used " + Ages.text(row.stateAge()) + " ago";
        return switch (loan.whereabouts()) {
            case ENDED ->
                Verdict.leaked(
                        loan.pooled() ? Confidence.CERTAIN : Confidence.PROBABLE,
                        "was borrowed " + Ages.text(loan.age()) + " ago by " + loan.owner()
                                + ", a thread that has ended" + used);
            case LEFT ->
                Verdict.leaked(
                        Confidence.PROBABLE,
                        "was borrowed " + Ages.text(loan.age()) + " ago by " + loan.owner() + ", which has left "
                                + loan.from() + " and is now " + loan.ownerState() + used);
            case STILL_THERE, UNKNOWN -> Verdict.HEALTHY;
        };
    }

    /**
     * Judges a borrow whose backend has ended, by the DBA or a timeout of the server: nobody can use it any more, and
     * what its owner has not returned is a slot that the pool has lost.
     */
    public Verdict judgeWithoutBackend(Loan loan) {
        boolean gone = loan.whereabouts() == Whereabouts.ENDED || loan.whereabouts() == Whereabouts.LEFT;
        if (!isSuspect(loan.age()) || !gone || loan.exemption() != null) {
            return Verdict.HEALTHY;
        }
        return Verdict.leaked(
                Confidence.CERTAIN,
                "was borrowed " + Ages.text(loan.age()) + " ago by " + loan.owner() + ", which is " + loan.ownerState()
                        + ", and its backend has ended since: only the pool's slot is left to be freed");
    }

    /**
     * Judges while the server cannot be asked, from what this JVM knows: at most probably leaked, since the session may
     * have been used a moment ago.
     *
     * @param row what the server said last; null when it never did
     * @param quiet whether no thread waits for a statement on it
     */
    public Verdict judgeUnasked(@Nullable Loan loan, @Nullable ActivityRow row, boolean quiet) {
        boolean leaked = loan != null
                && isSuspect(loan.age())
                && loan.whereabouts() == Whereabouts.ENDED
                && loan.exemption() == null
                && quiet;
        if (loan != null && leaked) {
            return Verdict.leaked(
                    Confidence.PROBABLE,
                    "was borrowed " + Ages.text(loan.age()) + " ago by " + loan.owner()
                            + ", a thread that has ended, and no statement runs on it; the server could not be asked when "
                            + "the session was last used");
        }
        return row == null ? Verdict.HEALTHY : stuck(row);
    }

    private Verdict stuck(ActivityRow row) {
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
