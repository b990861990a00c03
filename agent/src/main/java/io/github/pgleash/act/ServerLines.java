// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.observe.Rights;
import io.github.pgleash.observe.ServerFacts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * The servers for people: one line for each server and role, what it is, whether it answers, and what we may do there:
 * as the server itself says, and as it has denied it.
 */
final class ServerLines {
    private final Denials denials;

    ServerLines(Denials denials) {
        this.denials = denials;
    }

    /**
     * Sorted by login.
     *
     * @param logins those that there are connections of now
     * @param last what the servers said
     */
    List<String> of(Set<String> logins, Snapshot last) {
        Map<String, String> lines = new TreeMap<>();
        for (String login : logins) {
            Snapshot.Answer answer = last.servers().get(login);
            StringJoiner line = new StringJoiner("; ", login + ": ", "");
            line.add(answer == null ? "not asked yet" : server(answer));
            if (answer != null && answer.facts() != null && answer.way().isEmpty()) {
                rights(answer.facts(), answer.rights()).forEach(line::add);
                answer.facts().uncovered().ifPresent(line::add);
            }
            denials.of(login).forEach((role, denial) -> line.add("denied on role " + role + " at " + denial));
            lines.put(login, line.toString());
        }
        return List.copyOf(lines.values());
    }

    private static String server(Snapshot.Answer answer) {
        ServerFacts facts = answer.facts();
        return facts == null
                ? "cannot be asked: " + answer.trouble()
                : answer.way() + "PostgreSQL " + facts.version()
                        + (facts.address() == null ? ", Unix-domain socket" : " at " + facts.address())
                        + ", started " + facts.started();
    }

    /** What we may do, in as few words as there are differences between the roles. */
    private static List<String> rights(ServerFacts facts, List<Rights> rights) {
        if (facts.superuser()) {
            return List.of("as superuser, may list and end any session of this JVM");
        }
        Map<String, StringJoiner> roles = new LinkedHashMap<>();
        for (Rights each : rights) {
            roles.computeIfAbsent(abilities(each), abilities -> new StringJoiner(", "))
                    .add(each.role());
        }
        return roles.isEmpty()
                ? List.of("it did not say what role " + facts.role() + " may do")
                : roles.entrySet().stream()
                        .map(each ->
                                "as role " + facts.role() + ", " + each.getKey().formatted(each.getValue()))
                        .toList();
    }

    private static String abilities(Rights rights) {
        if (!rights.sees()) {
            return "may not see the sessions of role %s, so nothing is done to them: " + remedy(rights);
        }
        return rights.ends()
                ? "may list and end the sessions of role %s"
                : "may list the sessions of role %s, not end them: " + remedy(rights);
    }

    /** What a DBA would have to do, for the Problems as well. */
    static String remedy(Rights rights) {
        if (rights.superuser()) {
            return "they are a superuser's, which only a superuser may end";
        }
        StringJoiner grants = new StringJoiner(" and ");
        if (!rights.sees()) {
            grants.add("pg_read_all_stats");
        }
        if (!rights.ends()) {
            grants.add("pg_signal_backend");
        }
        return "it needs " + grants + ", or membership in that role";
    }
}
