// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.server;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A server still to be started, for one test alone; from {@link PostgresServers#plan()}.
 *
 * @param major the major version it must have; empty if that does not matter
 * @param settings of {@code postgresql.conf}
 */
public record ServerPlan(OptionalInt major, Map<String, String> settings) {
    /** Small and quick: nobody needs the data after a power failure. */
    private static final Map<String, String> QUICK = Map.of(
            "fsync", "off",
            "synchronous_commit", "off",
            "full_page_writes", "off",
            "shared_buffers", "16MB",
            "max_connections", "100");

    public ServerPlan {
        settings = Map.copyOf(settings);
    }

    ServerPlan(OptionalInt major) {
        this(major, QUICK);
    }

    /** The same with one more setting, as in {@code with("max_connections", "20")}. */
    public ServerPlan with(String setting, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(setting, value);
        return new ServerPlan(major, more);
    }

    /** Starts it; skips the test where there is no such server. The caller closes it. */
    public PostgresServer start() {
        return PostgresServers.start(this);
    }
}
