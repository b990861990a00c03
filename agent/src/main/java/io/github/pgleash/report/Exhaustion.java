// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import io.github.pgleash.act.Survey;
import io.github.pgleash.judge.Ages;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Loan;
import io.github.pgleash.report.Notifications.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * The report of the moment in which a pool or a server had no connection left: who holds what, since when and from
 * where. From this JVM's own knowledge, since the server may have no slot for us either. Called by the patrol.
 */
public final class Exhaustion {
    private static final Duration AT_MOST_EVERY = Duration.ofMinutes(1);
    private static final int MOST_LINES = 100;

    private final Survey survey;
    private final Notifications notifications;
    private final Logger log;
    private final LongSupplier nanoTime;
    private volatile List<String> last = List.of();
    private long reportedNanos;

    public Exhaustion(Survey survey, Notifications notifications, Logger log) {
        this(survey, notifications, log, System::nanoTime);
    }

    /** @param nanoTime the clock */
    Exhaustion(Survey survey, Notifications notifications, Logger log, LongSupplier nanoTime) {
        this.notifications = notifications;
        this.survey = survey;
        this.log = log;
        this.nanoTime = nanoTime;
        this.reportedNanos = nanoTime.getAsLong() - AT_MOST_EVERY.toNanos();
    }

    /** @param sign what happened, as a sentence */
    public void report(String sign) {
        long now = nanoTime.getAsLong();
        if (now - reportedNanos < AT_MOST_EVERY.toNanos()) {
            return;
        }
        reportedNanos = now;
        List<String> lines = new ArrayList<>();
        lines.add(Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + OneLine.of(sign));
        survey.findings().stream()
                .filter(finding -> finding.loan() != null)
                .sorted(Comparator.comparing(Exhaustion::age).reversed())
                .limit(MOST_LINES)
                .forEach(finding -> lines.add(OneLine.of(line(finding))));
        last = List.copyOf(lines);
        lines.forEach(log::warn);
        notifications.send(Kind.EXHAUSTED, sign, new Report(String.join("\n", lines)));
    }

    /** The user data of the notification. */
    record Report(String report) {}

    String[] last() {
        return last.toArray(new String[0]);
    }

    private static Duration age(Finding finding) {
        return Objects.requireNonNull(finding.loan()).age();
    }

    private static String line(Finding finding) {
        Loan loan = Objects.requireNonNull(finding.loan());
        return finding.connection().id() + " of " + loan.pool() + " is held by " + loan.owner() + " for "
                + Ages.text(loan.age()) + (loan.from() == null ? "" : ", borrowed at " + loan.from())
                + "; that thread is " + loan.ownerState();
    }
}
