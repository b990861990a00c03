// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.rights;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Servers of several versions, each started when a test first asks for it, and kept until the tests' JVM ends. */
final class ServerOfMajor {
    private static final Map<Integer, PostgresServer> SERVERS = new ConcurrentHashMap<>();

    private ServerOfMajor() {}

    static PostgresServer get(int major) {
        return SERVERS.computeIfAbsent(major, PostgresServers::start);
    }
}
