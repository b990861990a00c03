// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.start;

import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.logging.LogManager;
import javax.management.MBeanServer;
import javax.management.MBeanServerBuilder;
import javax.management.MBeanServerDelegate;
import javax.management.ObjectName;

/** A program that brings its own logging and its own MBean server, as WildFly and WebLogic do. */
final class OwnManagers {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private OwnManagers() {}

    public static void main(String[] arguments) throws Exception {
        System.setProperty("java.util.logging.manager", OwnLogManager.class.getName());
        System.setProperty("javax.management.builder.initial", OwnBuilder.class.getName());
        System.out.println("threads of the agent before: " + threads());
        System.out.println(
                "log manager: " + LogManager.getLogManager().getClass().getSimpleName());
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        System.out.println("builder: " + OwnBuilder.built);
        ObjectName name = new ObjectName("pgleash:type=Backends");
        System.out.println("registered before: " + server.isRegistered(name));
        try (Connection connection = DriverManager.getConnection(arguments[0], arguments[1], arguments[2])) {
            long end = System.nanoTime() + DEADLINE.toNanos();
            while (!server.isRegistered(name) && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            System.out.println("registered after: " + server.isRegistered(name) + ", " + connection.isValid(1));
        }
        System.out.println("threads of the agent after: " + threads());
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("pgleash"))
                .count();
    }

    /** Chosen by name. */
    public static final class OwnLogManager extends LogManager {}

    /** Chosen by name. */
    public static final class OwnBuilder extends MBeanServerBuilder {
        static boolean built;

        @Override
        public MBeanServer newMBeanServer(String domain, MBeanServer outer, MBeanServerDelegate delegate) {
            built = true;
            return super.newMBeanServer(domain, outer, delegate);
        }
    }
}
