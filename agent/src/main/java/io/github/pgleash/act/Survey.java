// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Judge;
import io.github.pgleash.judge.Loan;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.observe.ControlConnections;
import io.github.pgleash.observe.Login;
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
import java.util.TreeMap;
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

    /** Asks the servers and remembers their answers. Blocks up to the timeouts of the control connections. */
    public void look() {
        looking.lock();
        try {
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

    /** Connections by number whose borrow is old. */
    private Set<Long> suspects() {
        long now = System.nanoTime();
        Map<Long, Borrow> suspects = borrows.byConnection();
        suspects.values().removeIf(borrow -> !judge.isSuspect(borrow.age(now)));
        return suspects.keySet();
    }

    private void ask(Look look, Login login, List<TrackedConnection> group) {
        try {
            controls.<@Nullable Void>use(login, session -> {
                look.ask(login.name(), session, group);
                return null;
            });
            problems.solved(login.name());
        } catch (SQLException | RuntimeException trouble) {
            problems.add(login.name(), "the server's side cannot be read: " + text(trouble));
            look.failed(login.name(), text(trouble), group);
        }
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
        Snapshot last = snapshot;
        Map<String, String> lines = new TreeMap<>();
        for (String login : byLogin().keySet()) {
            lines.put(login, login + ": not asked yet");
        }
        last.servers().forEach((login, answer) -> lines.computeIfPresent(login, (l, line) -> line(l, answer)));
        return List.copyOf(lines.values());
    }

    private static String line(String login, Snapshot.Answer answer) {
        if (answer.facts() == null) {
            return login + ": cannot be asked: " + answer.trouble();
        }
        return login + ": PostgreSQL " + answer.facts().version()
                + (answer.facts().address() == null
                        ? ", Unix-domain socket"
                        : " at " + answer.facts().address())
                + ", started " + answer.facts().started()
                + (answer.facts().superuser()
                        ? "; as superuser, may list and end any session of this JVM"
                        : "; may list and end the sessions of role "
                                + answer.facts().role())
                + answer.facts().uncovered();
    }

    static String text(Exception trouble) {
        return trouble.getMessage() == null
                ? trouble.toString()
                : trouble.getMessage().strip();
    }
}
