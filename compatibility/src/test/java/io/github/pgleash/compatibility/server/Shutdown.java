// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.server;

/** PostgreSQL's own ways to shut down a server, each asked for with a signal to the postmaster. */
public enum Shutdown {
    /** Ends the sessions (57P01), writes a checkpoint, exits. */
    FAST("INT"),
    /** Drops everything at once, as a crash does; the next start recovers. */
    IMMEDIATE("QUIT");

    private final String signal;

    Shutdown(String signal) {
        this.signal = signal;
    }

    String signal() {
        return signal;
    }
}
