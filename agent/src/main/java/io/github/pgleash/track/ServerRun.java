// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run of a server, from its start to its end: what a backend belongs to. A host name and port may lead to another
 * server in the next moment, after a failover for instance, and that one has the same pids.
 *
 * @param address the server's own address and port; null on a Unix-domain socket
 * @param started when its postmaster was started; null where it does not tell
 */
public record ServerRun(@Nullable String address, @Nullable Instant started) {
    /** How a server that answers is related to one that a backend was seen on. */
    public enum Relation {
        SAME,
        /** The same server, started again: what it had before has ended. */
        RESTARTED,
        /** It can say nothing about the other's backends. */
        OTHER
    }

    public Relation relationTo(ServerRun earlier) {
        if (!Objects.equals(address, earlier.address)) {
            return Relation.OTHER;
        }
        if (started == null || earlier.started == null || started.equals(earlier.started)) {
            return Relation.SAME;
        }
        return started.isAfter(earlier.started) ? Relation.RESTARTED : Relation.OTHER;
    }

    @Override
    public String toString() {
        return (address == null ? "a Unix-domain socket" : address) + ", started " + started;
    }
}
