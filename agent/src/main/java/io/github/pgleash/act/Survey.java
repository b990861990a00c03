// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Judge;
import io.github.pgleash.judge.Loan;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.observe.ControlConnections;
import io.github.pgleash.observe.Login;
import io.github.pgleash.observe.Rights;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.ConnectionRegistry;
import io.github.pgleash.track.TrackedConnection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Joins what this JVM tracks with what the servers say, and has it judged. {@link #look} asks the servers, one query for
 * each server and role; {@link #findings} never does.
 */
public final class Survey {
    private final ConnectionRegistry registry;
    private final BorrowRegistry borrows;
    private final ControlConnections controls;
    private final Logins logins;
    private final Judge judge;
    private final Problems problems;
    private final ReentrantLock looking = new ReentrantLock();
    private final Denials denials = new Denials();
    private final ServerLines lines = new ServerLines(denials);
    /** When the last look began, whatever came of it; read and written by whoever looks. */
    private @Nullable Long began;

    private volatile Snapshot snapshot = Snapshot.NONE;

    public Survey(
            ConnectionRegistry registry,
            BorrowRegistry borrows,
            ControlConnections controls,
            Logins logins,
            Judge judge,
            Problems problems) {
        this.registry = registry;
        this.borrows = borrows;
        this.controls = controls;
        this.logins = logins;
        this.judge = judge;
        this.problems = problems;
    }

    /**
     * Asks the servers and remembers their answers. Blocks up to the timeouts of the control connections. Whoever waits
     * for a look that began after he had come takes that one: where a server hangs, many callers wait no longer than two.
     */
    public void look() {
        long came = System.nanoTime();
        looking.lock();
        try {
            if (began != null && began - came > 0) {
                return;
            }
            began = System.nanoTime();
            Look look = new Look(snapshot, suspects());
            for (List<TrackedConnection> group : byLogin().values()) {
                ask(look, logins.of(group.get(group.size() - 1).origin()), group);
            }
            snapshot = look.snapshot();
        } finally {
            looking.unlock();
        }
    }

    /** Has a control connection ready for each login, where they are reserved. Blocks as {@link #look} does. */
    public void reserve() {
        for (Map.Entry<String, List<TrackedConnection>> group : byLogin().entrySet()) {
            List<TrackedConnection> connections = group.getValue();
            String subject = "control connection of " + group.getKey();
            try {
                controls.reserve(
                        logins.of(connections.get(connections.size() - 1).origin()));
                problems.solved(subject);
            } catch (SQLException | RuntimeException trouble) {
                problems.add(subject, "it cannot be reserved: " + text(trouble));
            }
        }
    }

    /** Names of the logins that open connections were made with; touches no network. */
    public Set<String> logins() {
        return byLogin().keySet();
    }

    private Map<String, List<TrackedConnection>> byLogin() {
        Map<String, List<TrackedConnection>> groups = new LinkedHashMap<>();
        for (TrackedConnection connection : registry.open()) {
            groups.computeIfAbsent(logins.of(connection.origin()).name(), name -> new ArrayList<>())
                    .add(connection);
        }
        return groups;
    }

    /** Connections by number whose borrow is old, for a leak or for being stuck. */
    private Set<Long> suspects() {
        long now = System.nanoTime();
        Map<Long, Borrow> suspects = borrows.byConnection();
        suspects.values()
                .removeIf(borrow -> !judge.isSuspect(borrow.age(now))
                        && !judge.mayBeStuck(borrow.age(now), borrow.isInTransaction()));
        return suspects.keySet();
    }

    private void ask(Look look, Login login, List<TrackedConnection> group) {
        try {
            List<Rights> rights = controls.use(login, session -> look.ask(login.name(), session, group));
            problems.solved(login.name());
            tellBlindness(login.name(), rights);
        } catch (SQLException | RuntimeException trouble) {
            problems.add(login.name(), "the server's side cannot be read: " + text(trouble));
            look.failed(login.name(), text(trouble), group);
        }
    }

    /** Sessions that the control connection's role is not shown: they stay in the list without their server's side. */
    private void tellBlindness(String login, List<Rights> rights) {
        String subject = "rights of " + login;
        if (rights.stream().allMatch(Rights::sees)) {
            problems.solved(subject);
        }
        for (Rights each : rights) {
            if (!each.sees()) {
                problems.add(
                        subject,
                        "may not see the sessions of role " + each.role() + ", so nothing is done to them; "
                                + ServerLines.remedy(each));
            }
        }
    }

    /** The server has denied an action on that connection's backend. */
    void denied(TrackedConnection connection, String message) {
        denials.denied(logins.of(connection.origin()).name(), connection, message);
    }

    /** It has carried one out. */
    void allowed(TrackedConnection connection) {
        denials.allowed(logins.of(connection.origin()).name(), connection);
    }

    /** The open connections of this moment, with the server's side of the last look; touches no network. */
    public List<Finding> findings() {
        Snapshot last = snapshot;
        Map<Long, Borrow> borrowed = borrows.byConnection();
        List<Finding> findings = new ArrayList<>();
        for (TrackedConnection connection : registry.open()) {
            long number = connection.number();
            Borrow borrow = borrowed.get(number);
            ActivityRow row = last.rows().get(number);
            String trouble = last.trouble(logins.of(connection.origin()).name());
            if (trouble != null) {
                findings.add(unasked(connection, borrow, row, trouble));
                continue;
            }
            findings.add(
                    last.isOlderThan(borrow)
                            ? unjudged(connection, borrow, row)
                            : finding(connection, borrow, row, last.ended().contains(number)));
        }
        return findings;
    }

    /** Whether the server of that connection answered the last look: otherwise what is known of it is older. */
    public boolean wasAnswered(Finding finding) {
        Snapshot.Answer answer =
                snapshot.servers().get(logins.of(finding.connection().origin()).name());
        return answer != null && answer.facts() != null;
    }

    /** The rows of the last look whose connections are still open; touches no network and looks at no borrow. */
    public List<ActivityRow> rows() {
        Map<Long, ActivityRow> last = snapshot.rows();
        return registry.open().stream()
                .map(connection -> last.get(connection.number()))
                .filter(Objects::nonNull)
                .toList();
    }

    /** One connection as it is now, with the row that was just read; null when its backend was not there. */
    Finding finding(TrackedConnection connection, @Nullable ActivityRow row) {
        return finding(connection, borrows.of(connection), row, row == null && connection.isBound());
    }

    private Finding finding(
            TrackedConnection connection, @Nullable Borrow borrow, @Nullable ActivityRow row, boolean ended) {
        Loan loan = borrow == null ? null : Loans.of(borrow, connection, row);
        Verdict verdict = ended && loan != null ? judge.judgeWithoutBackend(loan) : judge.judge(loan, row);
        return new Finding(connection, borrow, loan, row, verdict);
    }

    /** One connection as this JVM alone knows it now, with the server's side of the last look, if any. */
    Finding unasked(TrackedConnection connection, String trouble) {
        return unasked(connection, borrows.of(connection), snapshot.rows().get(connection.number()), trouble);
    }

    private Finding unasked(
            TrackedConnection connection, @Nullable Borrow borrow, @Nullable ActivityRow row, String trouble) {
        Loan loan = borrow == null ? null : Loans.of(borrow, connection, row);
        ActivityRow known = snapshot.isOlderThan(borrow) ? null : row;
        boolean suspect = loan != null && judge.isSuspect(loan.age());
        Verdict verdict = judge.judgeUnasked(loan, known, suspect && connection.isQuiet(Duration.ZERO));
        return new Finding(connection, borrow, loan, row, verdict, trouble);
    }

    /** What the server said before a borrow is about another one, or about none. */
    private static Finding unjudged(TrackedConnection connection, @Nullable Borrow borrow, @Nullable ActivityRow row) {
        Loan loan = borrow == null ? null : Loans.of(borrow, connection, row);
        return new Finding(connection, borrow, loan, row, Verdict.HEALTHY);
    }

    /**
     * Whether this JVM's own knowledge gives a reason to ask the servers: a borrow that is old and whose owner has gone
     * on, or a transaction that has been open for long. Touches no network.
     */
    public boolean isAnythingSuspect() {
        long now = System.nanoTime();
        return borrows.byConnection().values().stream()
                .anyMatch(borrow -> judge.mayBeStuck(borrow.age(now), borrow.isInTransaction())
                        || (judge.isSuspect(borrow.age(now)) && Loans.ownerHasGone(borrow)));
    }

    /** How old the last look is; null before the first. */
    public @Nullable Duration age() {
        Long taken = snapshot.takenNanos();
        return taken == null ? null : Duration.ofNanos(System.nanoTime() - taken);
    }

    /** One line for each server and role: what it is, and whether it answers. */
    public List<String> servers() {
        return lines.of(byLogin().keySet(), snapshot);
    }

    static String text(Exception trouble) {
        return trouble.getMessage() == null
                ? trouble.toString()
                : trouble.getMessage().strip();
    }
}
