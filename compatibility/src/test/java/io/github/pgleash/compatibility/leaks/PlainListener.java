// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import com.sun.tools.attach.VirtualMachine;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * A JMX client that has nothing but the JDK: run by {@link NotificationIT} in a JVM of its own, with this one class.
 * Prints a line for each notification, until its standard input ends.
 */
final class PlainListener {
    static final String READY = "listening";

    private static final String[] SUBJECTS = {"id", "backend", "report"};

    private PlainListener() {}

    /** Takes the process id of the service. */
    @SuppressWarnings("BanJNDI") // The URL is that of the JVM that the test started.
    public static void main(String[] arguments) throws Exception {
        VirtualMachine service = VirtualMachine.attach(arguments[0]);
        String url = service.startLocalManagementAgent();
        service.detach();
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(url))) {
            connector
                    .getMBeanServerConnection()
                    .addNotificationListener(
                            new ObjectName("pgleash:type=Backends"), (told, context) -> print(told), null, null);
            System.out.println(READY);
            while (System.in.read() >= 0) {
                // until the test closes it
            }
        }
    }

    private static void print(Notification told) {
        CompositeData data = (CompositeData) told.getUserData();
        StringBuilder line = new StringBuilder(told.getType());
        for (String subject : SUBJECTS) {
            if (data.containsKey(subject)) {
                line.append(" | ").append(String.valueOf(data.get(subject)).replace("\n", " // "));
            }
        }
        line.append(" | ").append(told.getMessage());
        synchronized (System.out) {
            System.out.println(line);
        }
    }
}
