// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.observe.Activity;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.observe.ControlConnection.Session;
import io.github.pgleash.observe.NamedSessions;
import io.github.pgleash.observe.Rights;
import io.github.pgleash.observe.Route;
import io.github.pgleash.track.ServerRun;
import io.github.pgleash.track.TrackedConnection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One look at the servers while it lasts: gathers what they say of our connections, and becomes a snapshot. */
final class Look {
    /** The class of SQLSTATEs for statements that this server does not understand, or does not allow. */
    private static final String WRONG_OR_DENIED = "42";

    private final Snapshot before;
    private final Set<Long> suspects;
    private final long beganNanos = System.nanoTime();
    private final Map<Long, ActivityRow> rows = new HashMap<>();
    private final Set<Long> ended = new HashSet<>();
    private final Map<String, Snapshot.Answer> answers = new TreeMap<>();

    /** @param suspects connections by number whose locks are looked at as well */
    Look(Snapshot before, Set<Long> suspects) {
        this.before = before;
        this.suspects = suspects;
    }

    /**
     * Asks one server, as one role, for the connections of that login, oldest first.
     *
     * @return what we may do there
     */
    List<Rights> ask(String login, Session session, List<TrackedConnection> group) throws SQLException {
        group.forEach(connection ->
                connection.origin().behind(session.route() != Route.DIRECT, session.route() == Route.PGPOOL));
        if (session.route() != Route.DIRECT) {
            answers.put(login, new Snapshot.Answer(session.server(), List.of(), null, way(session, group)));
            return List.of();
        }
        return askDirectly(login, session, group);
    }

    private static String way(Session session, List<TrackedConnection> group) throws SQLException {
        Set<String> names = new TreeSet<>();
        for (TrackedConnection connection : group) {
            String name = connection.applicationName();
            if (name != null && !name.isEmpty()) {
                names.add(name);
            }
        }
        NamedSessions seen = NamedSessions.read(session, names);
        String between =
                session.route() == Route.PGPOOL ? "through Pgpool-II, which allows no terminate" : "through a pooler";
        return between + ", where only the driver's own cancel and close are used"
                + (seen.passedOn()
                        ? "; approximately, since the pooler's sessions are shared: "
                                + seen.sessions().size()
                                + " of them had this JVM's names last, "
                                + seen.inTransaction().size() + " are in a transaction of its"
                        : "; which of its sessions are this JVM's cannot be seen")
                + "; ";
    }

    private List<Rights> askDirectly(String login, Session session, List<TrackedConnection> all) throws SQLException {
        ServerRun run = Engagement.run(session);
        List<TrackedConnection> group =
                all.stream().filter(connection -> !isElsewhere(connection, run)).toList();
        List<TrackedConnection> suspected = group.stream()
                .filter(connection -> suspects.contains(connection.number()))
                .toList();
        rows.putAll(match(group, Activity.read(session, pids(group), pids(suspected))));
        for (TrackedConnection connection : all) {
            boolean younger = connection.ageNanos(session.openedNanos()) < 0;
            if (younger && !rows.containsKey(connection.number()) && connection.pid() > 0 && connection.isOpen()) {
                throw session.outdated();
            }
        }
        for (TrackedConnection connection : group) {
            if (rows.containsKey(connection.number())) {
                connection.seenOn(run);
            }
            if (connection.isBound() && connection.isOpen() && !rows.containsKey(connection.number())) {
                ended.add(connection.number());
            }
        }
        List<Rights> rights = rights(session, group);
        answers.put(login, new Snapshot.Answer(session.server(), rights, null, ""));
        return rights;
    }

    /** Whether its backend was seen on another server than the one that answers now, under the same host name. */
    static boolean isElsewhere(TrackedConnection connection, ServerRun now) {
        ServerRun seen = connection.run();
        return seen != null && now.relationTo(seen) == ServerRun.Relation.OTHER;
    }

    /** A server that does not answer this is listed all the same. */
    private static List<Rights> rights(Session session, List<TrackedConnection> group) throws SQLException {
        try {
            return Rights.read(session, roles(group), pids(group));
        } catch (SQLException trouble) {
            if (String.valueOf(trouble.getSQLState()).startsWith(WRONG_OR_DENIED)) {
                return List.of();
            }
            throw trouble;
        }
    }

    /** It did not answer; what it said last is better than nothing, as long as its age is told. */
    void failed(String login, String trouble, List<TrackedConnection> group) {
        for (TrackedConnection connection : group) {
            ActivityRow last = before.rows().get(connection.number());
            if (last != null) {
                rows.put(connection.number(), last);
            }
        }
        answers.put(login, new Snapshot.Answer(null, List.of(), trouble, ""));
    }

    /** As old as the last one, where no server answered. */
    Snapshot snapshot() {
        boolean answered = answers.isEmpty() || answers.values().stream().anyMatch(answer -> answer.facts() != null);
        return new Snapshot(answered ? Long.valueOf(beganNanos) : before.takenNanos(), rows, ended, answers);
    }

    private static List<String> roles(List<TrackedConnection> connections) {
        return connections.stream()
                .map(connection -> connection.address().role())
                .distinct()
                .toList();
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
}
