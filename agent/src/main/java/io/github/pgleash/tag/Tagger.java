// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.tag;

import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Puts the tag into a connection's settings, so that the driver sends it in the start-up packet: no round trip more
 * than without us, in the server's log from its first line, and still there after {@code DISCARD ALL}. Called by the
 * thread that connects.
 */
public final class Tagger {
    private static final String APPLICATION_NAME = "ApplicationName";
    private static final String ASSUME_MIN_SERVER_VERSION = "assumeMinServerVersion";
    private static final String REPLICATION = "replication";

    private final TagPattern pattern;
    private final Instance instance;
    private final @Nullable String application;
    private volatile Latest latest;

    private record Latest(String application, String tag) {}

    /** @param application the {@code app} option; null lets each connection's own name, then the instance's, decide */
    public Tagger(TagPattern pattern, Instance instance, @Nullable String application) {
        this.pattern = pattern;
        this.instance = instance;
        this.application = application;
        this.latest = new Latest(application == null ? instance.application() : application, "");
    }

    /** What the newest connection calls the application. */
    public String application() {
        return latest.application();
    }

    /** The tag of the newest connection; empty before the first. */
    public String latest() {
        return latest.tag();
    }

    /**
     * Whether this is a replication connection: its {@code application_name} is a standby's name, which decides about
     * synchronous commit. Such a connection is left alone in everything.
     */
    public static boolean isReplication(Properties info) {
        String replication = info.getProperty(REPLICATION);
        return replication != null && !replication.equalsIgnoreCase("false");
    }

    /**
     * Replaces the application's own name by the tag.
     *
     * @param atStartup whether this driver version sends the name in the start-up packet when told that the server is
     *     9.0 or newer; never told more than that, since 9.4 would switch on other start-up parameters
     */
    public void tag(Properties info, boolean atStartup) {
        info.setProperty(APPLICATION_NAME, tagFor(info.getProperty(APPLICATION_NAME)));
        if (atStartup && info.getProperty(ASSUME_MIN_SERVER_VERSION) == null) {
            info.setProperty(ASSUME_MIN_SERVER_VERSION, "9.0");
        }
    }

    /** The tag that {@link #tag} put in. */
    public @Nullable String tagIn(Properties info) {
        return info.getProperty(APPLICATION_NAME);
    }

    /** @param original the name that the application itself gave the connection */
    public String tagFor(@Nullable String original) {
        String own = original == null || original.isBlank() ? null : original;
        String name = application != null ? application : own != null ? own : instance.application();
        String tag = pattern.render(Map.of(
                "app", name,
                "host", instance.host(),
                "pid", Long.toString(instance.pid()),
                "instance", instance.id(),
                "original", own == null ? "" : own));
        latest = new Latest(name, tag);
        return tag;
    }
}
