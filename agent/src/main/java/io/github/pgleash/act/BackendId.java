// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.track.RecentlyGone.Gone;
import io.github.pgleash.track.TrackedConnection;
import org.jspecify.annotations.Nullable;

/**
 * What an operator gives: {@code pid@host:port#start}, {@code pid@host:port}, or {@code pid}. A pooler may make up a pid
 * that is negative, or give none: {@code -17@host:port}, {@code 0@host:port#c7}.
 *
 * @param server null when only the pid was given
 * @param start {@code backend_start} in microseconds since 1970; null when it was not given
 * @param number of the connection, for want of a pid; null when it was not given
 */
record BackendId(
        int pid,
        @Nullable String server,
        @Nullable Long start,
        @Nullable Long number) {
    private static final int LONGEST = 400;

    BackendId(int pid, @Nullable String server, @Nullable Long start) {
        this(pid, server, start, null);
    }

    /** What was given, as a receipt keeps it: a megabyte of it, two hundred times, would be the application's memory. */
    static String kept(@Nullable String given) {
        String text = given == null ? "" : given.strip();
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }

    /** @throws IllegalArgumentException with a message for the operator */
    static BackendId parse(@Nullable String given) {
        String text = given == null ? "" : given.strip();
        if (text.isEmpty() || text.length() > LONGEST) {
            throw malformed();
        }
        int at = text.indexOf('@');
        int hash = text.lastIndexOf('#');
        try {
            if (at < 0) {
                return new BackendId(pid(text), null, null);
            }
            boolean withStart = hash > at;
            String server = text.substring(at + 1, withStart ? hash : text.length());
            boolean withNumber = withStart && text.startsWith("c", hash + 1);
            Long number = withNumber ? Long.valueOf(number(text.substring(hash + 2))) : null;
            Long start = withStart && !withNumber ? Long.valueOf(number(text.substring(hash + 1))) : null;
            if (server.isEmpty()) {
                throw malformed();
            }
            return new BackendId(madeUpPid(text.substring(0, at)), server, start, number);
        } catch (NumberFormatException notANumber) {
            throw malformed();
        }
    }

    private static int madeUpPid(String text) {
        return text.equals("0") ? 0 : text.startsWith("-") ? -pid(text.substring(1)) : pid(text);
    }

    private static int pid(String text) {
        long pid = number(text);
        if (pid > Integer.MAX_VALUE) {
            throw new NumberFormatException(text);
        }
        return (int) pid;
    }

    private static long number(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                throw new NumberFormatException(text);
            }
        }
        long number = Long.parseLong(text);
        if (number <= 0) {
            throw new NumberFormatException(text);
        }
        return number;
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException(
                "this is no backend id; copy one from the list, pid@host:port#start, or give a pid");
    }

    boolean matches(TrackedConnection connection) {
        return connection.pid() == pid
                && (number == null || number == connection.number())
                && (server == null
                        || server.equalsIgnoreCase(connection.address().server()));
    }

    boolean matches(Gone gone) {
        return gone.pid() == pid
                && (server == null || server.equalsIgnoreCase(gone.server()))
                && (start == null || start == gone.start());
    }

    /** Whether the start that was given is not the one that this connection's backend is known to have. */
    boolean isStaleFor(TrackedConnection connection) {
        return start != null && connection.isBound() && start != connection.backendStart();
    }
}
