// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.jmx;

import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** The one name under which pgleash is found in a JVM. */
public final class BackendsObjectName {
    /** {@code pgleash:type=Backends}. */
    public static final ObjectName BACKENDS = name("pgleash:type=Backends");

    private BackendsObjectName() {}

    /**
     * A typed proxy for the MBean behind {@code connection}. Creating it does not touch the network; the first call
     * does, and fails with an {@link java.lang.reflect.UndeclaredThrowableException} when the JVM has no such MBean
     * (yet: it appears with the first PostgreSQL connection).
     */
    public static BackendsMXBean newProxy(MBeanServerConnection connection) {
        return JMX.newMXBeanProxy(connection, BACKENDS, BackendsMXBean.class, true);
    }

    private static ObjectName name(String text) {
        try {
            return new ObjectName(text);
        } catch (MalformedObjectNameException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
