// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import io.github.pgleash.connect.Door;
import io.github.pgleash.connect.Weaver;
import io.github.pgleash.options.AnyOption;
import io.github.pgleash.options.Options;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * Starts the agent: read the options, open the door, weave. Everything else waits for the first connection, so that a
 * program that never has one pays next to nothing, and no logging or JMX is touched before the application's own main.
 */
public final class Agent {
    private Agent() {}

    /** Called by {@link Premain}, once or more: a second time changes nothing. */
    public static void start(@Nullable String arguments, Instrumentation instrumentation, boolean attached) {
        if (Door.isTaken()) {
            System.err.println("pgleash: is in this JVM already, with its first options; nothing was changed");
            return;
        }
        if (!attached && AotTraining.isOn()) {
            System.err.println(
                    "pgleash: this run makes an AOT cache, where woven classes have no place; it stays out, and"
                            + " works in the runs that use the cache");
            return;
        }
        Weaver weaver = new Weaver(instrumentation);
        Door.open(new FirstConnection(AnyOption.isGiven(arguments) ? options(arguments) : null, weaver));
        weaver.install(attached);
    }

    private static Options options(@Nullable String arguments) {
        Options options = Options.read(arguments);
        for (String complaint : options.complaints()) {
            System.err.println("pgleash: " + complaint);
        }
        return options;
    }

    /** As the jar's manifest has it. */
    static String version() {
        String version = Agent.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
