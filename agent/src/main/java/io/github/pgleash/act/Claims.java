// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.judge.Ages;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Loan;
import io.github.pgleash.judge.Loan.Whereabouts;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.Farewells;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a borrow away from its owner before its backend is ended, and settles it after: the slot goes back to the pool,
 * or the borrow to its owner. While a borrow is claimed, the owner's own {@code close()} does nothing.
 */
public final class Claims {
    private static final String UCP = "oracle.ucp.";

    private final Farewells farewells;
    private final Reclaim reclaim;

    public Claims(BorrowRegistry borrows, Farewells farewells) {
        this.farewells = farewells;
        this.reclaim = new Reclaim(borrows);
    }

    /** Some of them may be claimed soon, and by somebody who does not want to wait. Called by the patrol. */
    public void expect(List<Finding> findings) {
        for (Finding finding : findings) {
            Borrow borrow = finding.borrow();
            if (borrow != null && finding.verdict().kind() != Verdict.Kind.HEALTHY) {
                farewells.expect(finding.connection().connection(), borrow.handle());
            }
        }
    }

    /**
     * Claims it for this thread.
     *
     * @param now the connection as it is at this moment
     * @param by for whom, as the owner will read it
     * @return why it cannot be claimed; null when it was
     */
    @Nullable
    String tryClaim(Borrow borrow, Finding now, String by) {
        Loan loan = now.loan();
        if (loan == null || loan.number() != borrow.number() || borrow.wasReturned()) {
            return "it was returned to its pool meanwhile; look at the list again";
        }
        if (isUcp(borrow) && loan.whereabouts() != Whereabouts.ENDED) {
            return "Oracle UCP loses the slot for good when a connection is taken from a living owner; end its thread first";
        }
        if (!borrow.tryReclaim()) {
            return "it is being returned to its pool at this moment";
        }
        farewells.arm(now.connection().connection(), borrow.handle(), farewell(now, loan, by));
        return null;
    }

    /** What the owner will read in its exception. */
    private static String farewell(Finding now, Loan loan, String by) {
        String evidence = now.verdict().evidence();
        return "pgleash ended this database session (" + now.connection().id() + ") for " + by + ", "
                + Ages.text(loan.age()) + " after it was borrowed by " + loan.owner()
                + (evidence.isEmpty() ? "" : ": it " + evidence);
    }

    private static boolean isUcp(Borrow borrow) {
        Object lender = borrow.lender();
        return lender != null && lender.getClass().getName().startsWith(UCP);
    }

    /**
     * Ends the claim according to what became of the backend.
     *
     * @return whether a pool got its slot back
     */
    boolean settle(Borrow borrow, Finding before, Outcome outcome) {
        boolean pooled = before.loan() != null && before.loan().pooled();
        return switch (outcome) {
            // Still there: the server may hang, but the socket can be closed, and the pool replace the connection.
            case GONE, ALREADY_GONE, STILL_THERE -> reclaim.free(borrow, before.connection()) && pooled;
            case CANCELLED, REFUSED, DENIED, FAILED, DRY_RUN -> {
                farewells.disarm(before.connection().connection(), borrow.handle());
                reclaim.returnForOwner(borrow);
                yield false;
            }
        };
    }
}
