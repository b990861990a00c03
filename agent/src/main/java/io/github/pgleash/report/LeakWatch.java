// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.judge.Verdict.Confidence;
import io.github.pgleash.report.Notifications.Kind;
import io.github.pgleash.track.Borrow;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;

/**
 * Tells verdicts as they change: each once, in the log and as a notification, and a leak that was returned after all as
 * well. Called by the patrol, after each look.
 */
public final class LeakWatch {
    private final Rows rows;
    private final Notifications notifications;
    private final Logger log;
    private final Map<Long, Told> toldBorrows = new HashMap<>();
    private final Set<Long> toldStuck = new HashSet<>();

    private record Told(Finding finding, Confidence confidence) {}

    public LeakWatch(Rows rows, Notifications notifications, Logger log) {
        this.rows = rows;
        this.notifications = notifications;
        this.log = log;
    }

    /** @param findings all of this moment */
    public void update(List<Finding> findings) {
        Set<Long> stuckNow = new HashSet<>();
        for (Finding finding : findings) {
            Borrow borrow = finding.borrow();
            if (finding.verdict().kind() == Verdict.Kind.LEAKED && borrow != null) {
                leaked(finding, borrow);
            } else if (finding.verdict().kind() == Verdict.Kind.STUCK) {
                stuckNow.add(finding.connection().number());
                stuck(finding);
            }
        }
        toldStuck.retainAll(stuckNow);
        returned();
    }

    private void leaked(Finding finding, Borrow borrow) {
        Confidence confidence = finding.verdict().confidence();
        Told before = toldBorrows.get(borrow.number());
        if (before == null || before.confidence() != confidence) {
            toldBorrows.put(borrow.number(), new Told(finding, confidence));
            boolean certain = confidence == Confidence.CERTAIN;
            tell(certain ? Kind.LEAK_CONFIRMED : Kind.LEAK_SUSPECTED, certain ? "leaked" : "probably leaked", finding);
        }
    }

    private void stuck(Finding finding) {
        if (toldStuck.add(finding.connection().number())) {
            tell(Kind.STUCK, "stuck", finding);
        }
    }

    private void returned() {
        toldBorrows.values().removeIf(told -> {
            Borrow borrow = told.finding().borrow();
            if (borrow != null && borrow.wasReturned()) {
                tell(Kind.LEAK_RETURNED, "returned after all", told.finding());
            }
            return borrow == null || !borrow.isOpen();
        });
    }

    private void tell(Kind kind, String what, Finding finding) {
        String message = finding.connection().id() + " is " + what + ": it "
                + finding.verdict().evidence();
        log.warn(message);
        notifications.send(kind, message, rows.backend(finding));
    }
}
