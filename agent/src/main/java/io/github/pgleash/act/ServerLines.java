// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.observe.ServerFacts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The servers for people: one line for each server and role, what it is and whether it answers. */
final class ServerLines {
    private ServerLines() {}

    /**
     * Sorted by login.
     *
     * @param logins those that there are connections of now
     * @param last what the servers said
     */
    static List<String> of(Set<String> logins, Snapshot last) {
        Map<String, String> lines = new TreeMap<>();
        for (String login : logins) {
            Snapshot.Answer answer = last.servers().get(login);
            lines.put(login, login + ": " + (answer == null ? "not asked yet" : text(answer)));
        }
        return List.copyOf(lines.values());
    }

    private static String text(Snapshot.Answer answer) {
        ServerFacts facts = answer.facts();
        if (facts == null) {
            return "cannot be asked: " + answer.trouble();
        }
        return answer.way() + "PostgreSQL " + facts.version()
                + (facts.address() == null ? ", Unix-domain socket" : " at " + facts.address())
                + ", started " + facts.started()
                + (facts.superuser()
                        ? "; as superuser, may list and end any session of this JVM"
                        : "; may list and end the sessions of role " + facts.role());
    }
}
