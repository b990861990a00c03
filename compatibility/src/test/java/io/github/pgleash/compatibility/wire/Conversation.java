// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was said over one connection so far. A message is noted before it is passed on: when {@code getConnection()}
 * returns, all that it sent and read is here.
 */
public final class Conversation {
    private final List<WireMessage> messages = new ArrayList<>();

    Conversation() {}

    /** All messages of both sides, in the order in which they came by. */
    public synchronized List<WireMessage> messages() {
        return List.copyOf(messages);
    }

    /** How many messages one side has sent. */
    public synchronized long count(Side side) {
        return messages.stream().filter(message -> message.side() == side).count();
    }

    /** How often the driver has waited for the server: how often the word went from the driver to the server and back. */
    public synchronized int roundTrips() {
        int turns = 0;
        for (int i = 1; i < messages.size(); i++) {
            if (messages.get(i).side() == Side.BACKEND && messages.get(i - 1).side() == Side.FRONTEND) {
                turns++;
            }
        }
        return turns;
    }

    /** The SQL that the driver has sent, by either protocol. */
    public synchronized List<String> statements() {
        return messages.stream()
                .filter(message ->
                        message.name().equals("Query") || message.name().equals("Parse"))
                .map(message -> message.texts().get(message.texts().size() - 1))
                .toList();
    }

    /** The parameters in the start-up packet, {@code application_name} for instance; empty before it came. */
    public synchronized Map<String, String> startup() {
        Map<String, String> parameters = new HashMap<>();
        messages.stream()
                .filter(message -> message.name().equals("StartupMessage"))
                .map(WireMessage::texts)
                .forEach(texts -> {
                    for (int i = 0; i + 1 < texts.size() && !texts.get(i).isEmpty(); i += 2) {
                        parameters.put(texts.get(i), texts.get(i + 1));
                    }
                });
        return parameters;
    }

    synchronized void add(WireMessage message) {
        messages.add(message);
    }

    @Override
    public synchronized String toString() {
        return String.join("\n", messages.stream().map(WireMessage::toString).toList());
    }
}
