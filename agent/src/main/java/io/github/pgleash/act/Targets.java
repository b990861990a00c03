// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.track.ConnectionRegistry;
import io.github.pgleash.track.TrackedConnection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Finds the connection that an operator's id means, from this JVM's own knowledge, or says why there is none. */
public final class Targets {
    private final ConnectionRegistry registry;

    public Targets(ConnectionRegistry registry) {
        this.registry = registry;
    }

    /** What an id leads to. */
    sealed interface Target {}

    record Found(BackendId id, TrackedConnection connection) implements Target {}

    /** @param unknownPid the pid that is none of ours; 0 where that is not the reason */
    record NotFound(Outcome outcome, String reason, int unknownPid) implements Target {}

    Target find(@Nullable String given) {
        BackendId id;
        try {
            id = BackendId.parse(given);
        } catch (IllegalArgumentException malformed) {
            return new NotFound(Outcome.REFUSED, String.valueOf(malformed.getMessage()), 0);
        }
        List<TrackedConnection> matching = matching(id);
        if (matching.size() > 1) {
            StringJoiner ids = new StringJoiner(", ");
            matching.forEach(connection -> ids.add(connection.id()));
            return new NotFound(
                    Outcome.REFUSED,
                    "pid " + id.pid() + " is "
                            + (id.pid() == 0 ? "several connections" : "a backend of this JVM on several servers")
                            + ": give one of " + ids,
                    0);
        }
        if (matching.isEmpty()) {
            return gone(id);
        }
        TrackedConnection connection = matching.get(0);
        return id.isStaleFor(connection) ? stale(id, connection.id()) : new Found(id, connection);
    }

    /** On one server only the newest connection with a pid can be alive. */
    private List<TrackedConnection> matching(BackendId id) {
        Map<String, TrackedConnection> newest = new LinkedHashMap<>();
        for (TrackedConnection connection : registry.open()) {
            if (id.matches(connection)) {
                newest.put(
                        connection.pid() == 0
                                ? connection.id()
                                : connection.address().server(),
                        connection);
            }
        }
        return List.copyOf(newest.values());
    }

    private NotFound gone(BackendId id) {
        if (registry.recentlyGone().anyMatch(id::matches)) {
            return new NotFound(Outcome.ALREADY_GONE, "its connection was closed before", 0);
        }
        return new NotFound(
                Outcome.REFUSED,
                "pid " + id.pid() + (id.server() == null ? "" : " on " + id.server()) + " is no backend of this JVM",
                id.pid());
    }

    static NotFound stale(BackendId id, String now) {
        return new NotFound(
                Outcome.REFUSED,
                "that backend has ended, and its pid " + id.pid() + " is another backend's by now (" + now
                        + "); look at the list again",
                0);
    }
}
