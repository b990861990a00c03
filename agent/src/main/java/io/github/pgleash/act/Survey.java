// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Judge;
import io.github.pgleash.judge.Loan;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.observe.Activity;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            long began = System.nanoTime();
            Map<Long, ActivityRow> rows = new HashMap<>();
            Map<String, Snapshot.Answer> answers = new TreeMap<>();
            Set<Long> suspects = suspects();
            for (List<TrackedConnection> group : byLogin().values()) {
                Login login = logins.of(group.get(group.size() - 1).origin());
                answers.put(login.name(), ask(login, group, suspects, rows));
            }
            snapshot = new Snapshot(began, rows, answers);
        } finally {
            looking.unlock();
        }
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

    private Snapshot.Answer ask(
            Login login, List<TrackedConnection> group, Set<Long> suspects, Map<Long, ActivityRow> rows) {
        try {
            List<TrackedConnection> suspected = group.stream()
                    .filter(connection -> suspects.contains(connection.number()))
                    .toList();
            Snapshot.Answer answer = controls.use(login, session -> {
                rows.putAll(match(group, Activity.read(session, pids(group), pids(suspected))));
                return new Snapshot.Answer(session.server(), null);
            });
            problems.solved(login.name());
            return answer;
        } catch (SQLException | RuntimeException trouble) {
            problems.add(login.name(), "the server's side cannot be read: " + text(trouble));
            return new Snapshot.Answer(null, text(trouble));
        }
    }

    private static List<Integer> pids(List<TrackedConnection> connections) {
        return connections.stream().map(TrackedConnection::pid).distinct().toList();
    }

    /**
     * Rows by connection. Where two open connections have one pid, the older is dead without knowing: the server gave
     * the pid to the newer.
     */
    static Map<Long, ActivityRow> match(List<TrackedConnection> oldestFirst, Map<Integer, ActivityRow> byPid) {
        Map<Long, ActivityRow> matched = new HashMap<>();
        Set<Integer> taken = new HashSet<>();
        long now = System.nanoTime();
        for (int i = oldestFirst.size() - 1; i >= 0; i--) {
            TrackedConnection connection = oldestFirst.get(i);
            ActivityRow row = byPid.get(connection.pid());
            if (row == null) {
                continue;
            }
            if (taken.contains(connection.pid())) {
                connection.markReplaced();
                continue;
            }
            switch (Identity.of(connection, row, now)) {
                case SAME -> {
                    taken.add(connection.pid());
                    matched.put(connection.number(), row);
                }
                case REPLACED -> connection.markReplaced();
                case UNPROVED -> {}
            }
        }
        return matched;
    }

    /** The open connections of this moment, with the server's side of the last look; touches no network. */
    public List<Finding> findings() {
        Snapshot last = snapshot;
        Map<Long, Borrow> borrowed = borrows.byConnection();
        List<Finding> findings = new ArrayList<>();
        for (TrackedConnection connection : registry.open()) {
            Borrow borrow = borrowed.get(connection.number());
            ActivityRow row = last.rows().get(connection.number());
            findings.add(
                    last.isOlderThan(borrow) ? unjudged(connection, borrow, row) : finding(connection, borrow, row));
        }
        return findings;
    }

    /** What the server said before a borrow is about another one, or about none. */
    private static Finding unjudged(TrackedConnection connection, @Nullable Borrow borrow, @Nullable ActivityRow row) {
        Loan loan = borrow == null ? null : Loans.of(borrow, connection, row);
        return new Finding(connection, borrow, loan, row, Verdict.HEALTHY);
    }

    /** One connection as it is now, with the row that was just read. */
    Finding finding(TrackedConnection connection, @Nullable ActivityRow row) {
        return finding(connection, borrows.of(connection), row);
    }

    private Finding finding(TrackedConnection connection, @Nullable Borrow borrow, @Nullable ActivityRow row) {
        Loan loan = borrow == null ? null : Loans.of(borrow, connection, row);
        return new Finding(connection, borrow, loan, row, judge.judge(loan, row));
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
                                + answer.facts().role());
    }

    static String text(Exception trouble) {
        return trouble.getMessage() == null
                ? trouble.toString()
                : trouble.getMessage().strip();
    }
}
