// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.jmx;

/** How an action on a backend ended. In JMX it travels as its name. */
public enum Outcome {
    /**
     * Terminated, and seen to be gone: from {@code pg_stat_activity}, or through a pooler, where it ran nothing when its
     * connection was closed or the transactions of this JVM were seen to end.
     */
    GONE,
    /** Its statement was cancelled, and seen to have ended; the session lives on, unless the JVM exits. */
    CANCELLED,
    /** There was nothing to do: the backend had ended before. */
    ALREADY_GONE,
    /** The signal was sent, but within the wait the backend did not react. */
    STILL_THERE,
    /** pgleash did not act, because it could not be sure that this is the backend that was meant, or is ours. */
    REFUSED,
    /** The server did not allow it (SQLSTATE 42501). */
    DENIED,
    /** It could not be tried or its effect not be seen, for instance because the server is down. */
    FAILED,
    /** It would have been done, had this not been a dry run. */
    DRY_RUN
}
