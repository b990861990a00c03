// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.track.TrackedConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What servers have refused to do, whatever they had said before that we may: the last denial for each login and role,
 * until an action on that role's sessions succeeds. Bounded. Any thread.
 */
final class Denials {
    private static final int REMEMBERED = 50;

    private final Map<Key, String> denials = new LinkedHashMap<>();

    private record Key(String login, String role) {}

    /** @param message the server's */
    synchronized void denied(String login, TrackedConnection connection, String message) {
        Key key = new Key(login, connection.address().role());
        denials.remove(key);
        denials.put(key, Instant.now().truncatedTo(ChronoUnit.SECONDS) + " for " + connection.id() + ": " + message);
        if (denials.size() > REMEMBERED) {
            denials.remove(denials.keySet().iterator().next());
        }
    }

    /** The server has done it. */
    synchronized void allowed(String login, TrackedConnection connection) {
        denials.remove(new Key(login, connection.address().role()));
    }

    /** Of one login: when, what and why, by the role whose sessions they are. */
    synchronized Map<String, String> of(String login) {
        Map<String, String> byRole = new TreeMap<>();
        denials.forEach((key, denial) -> {
            if (key.login().equals(login)) {
                byRole.put(key.role(), denial);
            }
        });
        return byRole;
    }
}
