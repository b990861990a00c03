// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.jmx;

import java.util.Map;
import java.util.StringJoiner;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/**
 * A JMX client that has nothing but the JDK: run by {@link PlainClientIT} in a JVM of its own, with this one class. Reads
 * all attributes, calls all operations, and prints a line for each with the class of what it got.
 */
final class PlainClient {
    private static final String ID = String.class.getName();

    private final MBeanServerConnection jmx;
    private final ObjectName name;

    private PlainClient(MBeanServerConnection jmx, ObjectName name) {
        this.jmx = jmx;
        this.name = name;
    }

    /** Takes the URL, user, password, and the id of a backend to be terminated. */
    @SuppressWarnings("BanJNDI") // The test gives the URL of the JVM that it started.
    public static void main(String[] arguments) throws Exception {
        try {
            Class.forName("io.github.pgleash.jmx.Backend");
            throw new IllegalStateException("this client is not plain");
        } catch (ClassNotFoundException asItShouldBe) {
            System.out.println("plain");
        }
        Map<String, ?> credentials = Map.of(JMXConnector.CREDENTIALS, new String[] {arguments[1], arguments[2]});
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(arguments[0]), credentials)) {
            PlainClient client =
                    new PlainClient(connector.getMBeanServerConnection(), new ObjectName("pgleash:type=Backends"));
            client.look();
            client.act(arguments[3]);
            client.mistake();
        }
    }

    private void look() throws Exception {
        for (MBeanAttributeInfo attribute : jmx.getMBeanInfo(name).getAttributes()) {
            System.out.println(
                    "attribute " + attribute.getName() + " " + type(jmx.getAttribute(name, attribute.getName())));
        }
    }

    private void act(String id) throws Exception {
        call("refresh");
        call("table");
        call("preview");
        call("listing");
        call("explain", id);
        call("cancel", "1");
        call("terminateLeaked", true);
        call("terminateIdleInTransaction", 1L, true);
        call("terminateActive", 1L, true);
        call("terminate", id);
        // Now there are receipts.
        System.out.println("again " + type(jmx.getAttribute(name, "Receipts")));
    }

    private void mistake() throws Exception {
        for (long seconds : new long[] {0, -1, Long.MIN_VALUE}) {
            for (String operation : new String[] {"terminateIdleInTransaction", "terminateActive"}) {
                try {
                    call(operation, seconds, false);
                } catch (JMException | RuntimeException refused) {
                    System.out.println("mistake " + operation + " " + chain(refused));
                }
            }
        }
        call("explain", "'); --");
        call("cancel", "");
        call("terminate", (Object) null);
    }

    private void call(String operation, @Nullable Object... arguments) throws Exception {
        String[] signature = new String[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            Object argument = arguments[i];
            signature[i] = argument instanceof Long ? "long" : argument instanceof Boolean ? "boolean" : ID;
        }
        Object result = jmx.invoke(name, operation, arguments, signature);
        String outcome = result instanceof CompositeData receipt ? " " + receipt.get("outcome") : "";
        System.out.println("operation " + operation + " " + type(result) + outcome);
    }

    private static String type(@Nullable Object value) {
        return value == null ? "null" : value.getClass().getSimpleName();
    }

    private static String chain(Throwable thrown) {
        StringJoiner chain = new StringJoiner(" < ");
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            chain.add(cause.getClass().getName());
        }
        return chain + " " + thrown.getMessage();
    }
}
