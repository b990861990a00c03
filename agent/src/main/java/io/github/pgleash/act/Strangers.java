// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.observe.Activity;
import io.github.pgleash.observe.ControlConnections;
import io.github.pgleash.observe.Login;
import io.github.pgleash.track.ConnectionRegistry;
import io.github.pgleash.track.TrackedConnection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says of a pid that is none of ours what it is instead, so that a refusal helps. */
public final class Strangers {
    private final ConnectionRegistry registry;
    private final ControlConnections controls;
    private final Logins logins;

    public Strangers(ConnectionRegistry registry, ControlConnections controls, Logins logins) {
        this.registry = registry;
        this.controls = controls;
        this.logins = logins;
    }

    /** {@code "; on db:5432 it is ..."} for each server that has it; empty where none answers. */
    String describe(int pid) {
        Map<String, Login> servers = new LinkedHashMap<>();
        for (TrackedConnection connection : registry.open()) {
            servers.putIfAbsent(connection.address().server(), logins.of(connection.origin()));
        }
        StringBuilder description = new StringBuilder();
        servers.forEach((server, login) -> {
            try {
                @Nullable String kind = controls.<@Nullable String>use(login, session -> Activity.kindOf(session, pid));
                description.append("; on ").append(server).append(kind == null ? " there is none" : " it is " + kind);
            } catch (SQLException unknown) {
                description.append("; ").append(server).append(" could not be asked what it is");
            }
        });
        return description.toString();
    }
}
