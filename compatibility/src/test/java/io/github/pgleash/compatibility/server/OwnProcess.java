// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.server;

/** What only a server whose processes run here, as ours, allows; see {@link PostgresServer#requireOwnProcess()}. */
public interface OwnProcess {
    /** Stops the server and returns when its postmaster is gone. */
    void stop(Shutdown how);

    /** Starts it again, with the same data on the same port, and returns when it accepts connections. */
    void start();

    /** A streaming standby of it, on a port of its own; the server is restarted for that. The caller closes it. */
    PostgresServer standby();

    /** Stops a backend in its tracks (SIGSTOP): it answers nothing and ignores pg_terminate_backend until thawed. */
    void freeze(long backend);

    /** Lets a frozen backend go on (SIGCONT). */
    void thaw(long backend);
}
