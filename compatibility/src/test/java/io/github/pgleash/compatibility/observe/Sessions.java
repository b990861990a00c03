// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.observe;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.service.Running;
import io.github.pgleash.compatibility.service.ScriptFailed;
import io.github.pgleash.compatibility.service.ServiceJvm;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * The sessions of a service at one server as one role, put into states by name. Scripts are written here, and not in the
 * tests, since what they capture must travel.
 */
public final class Sessions {
    private final ServiceJvm service;
    private final String url;
    private final String role;
    private final String password;

    public Sessions(ServiceJvm service, String url, String role, String password) {
        this.service = service;
        this.url = url;
        this.role = role;
        this.password = password;
    }

    /** Of the plain role in its own database. */
    public static Sessions of(ServiceJvm service, PostgresServer server) {
        return new Sessions(service, server.url(), PostgresServer.APP, PostgresServer.SECRET);
    }

    /** Opens a session that is then idle; returns its pid, as the server tells it. */
    public int idle(String name) {
        String to = url;
        String as = role;
        String with = password;
        service.run(stage -> stage.open(name, to, as, with));
        return Integer.parseInt(query(name, "SELECT pg_backend_pid()"));
    }

    public int idleInTransaction(String name) {
        int pid = idle(name);
        begin(name);
        return pid;
    }

    /** In a transaction of which a statement has failed. */
    public int aborted(String name) {
        int pid = idleInTransaction(name);
        try {
            execute(name, "SELECT 1 / 0");
        } catch (ScriptFailed asItShould) {
            return pid;
        }
        throw new AssertionError("division by zero");
    }

    /** Runs a statement on a thread of its own; it has been sent, but need not have begun, when this returns. */
    public int active(String name, String sql) {
        int pid = idle(name);
        start(name, sql);
        return pid;
    }

    /** In the midst of a COPY that waits for data. */
    public int copying(String name, String copy) {
        int pid = idle(name);
        service.run(stage -> stage.put(
                name + " copy",
                stage.connection(name).unwrap(PGConnection.class).getCopyAPI().copyIn(copy)));
        return pid;
    }

    /** Goes on with an open session: a transaction that has begun and does nothing. */
    public void begin(String name) {
        service.run(stage -> stage.connection(name).setAutoCommit(false));
        execute(name, "SELECT 1");
    }

    public void commit(String name) {
        service.run(stage -> stage.connection(name).commit());
    }

    /** Runs a statement on a thread of its own, named as the session. */
    public Running<@Nullable Void> start(String name, String sql) {
        return service.start(name, stage -> {
            stage.execute(name, sql);
            return null;
        });
    }

    public void execute(String name, String sql) {
        service.run(stage -> stage.execute(name, sql));
    }

    public String query(String name, String sql) {
        return service.ask(stage -> stage.query(name, sql));
    }

    public void close(String name) {
        service.run(stage -> stage.close(name));
    }
}
