// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.rights;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.ServerPlan;

/** What a server wrote into its log, read through the server itself. */
final class ServerLog {
    private final PostgresServer server;

    ServerLog(PostgresServer server) {
        this.server = server;
    }

    /** A plan for a server whose log can be read. */
    static ServerPlan readable(ServerPlan plan) {
        return plan.with("logging_collector", "on").with("log_directory", "log");
    }

    /** How often it has refused the password of that role. */
    int refusedLogins(String role) {
        String log = server.look("SELECT pg_read_file(pg_current_logfile())");
        return log.split("password authentication failed for user \"" + role + "\"", -1).length - 1;
    }
}
