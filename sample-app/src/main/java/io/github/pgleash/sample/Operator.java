// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.BackendsObjectName;
import java.io.IOException;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Somebody with a JMX client on the same machine, the way JConsole does it: by the pid of a local JVM. */
final class Operator implements AutoCloseable {
    private final JMXConnector connector;
    private final MBeanServerConnection connection;

    private Operator(JMXConnector connector) throws IOException {
        this.connector = connector;
        this.connection = connector.getMBeanServerConnection();
    }

    /** Needs no port and no password: whoever may attach to the process may do this. */
    static Operator attach(long pid) throws IOException {
        // Without it a call to a JVM that hangs would never return.
        System.setProperty("sun.rmi.transport.tcp.responseTimeout", "30000");
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                return new Operator(connect(machine.startLocalManagementAgent()));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException failure) {
            throw new IOException("cannot attach to JVM " + pid + ": " + failure.getMessage(), failure);
        }
    }

    /** pgleash registers its MBean after the first PostgreSQL connection. */
    boolean seesBackends() throws IOException {
        return connection.isRegistered(BackendsObjectName.BACKENDS);
    }

    BackendsMXBean backends() {
        return BackendsObjectName.newProxy(connection);
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException gone) {
            // The other JVM has ended before; there is nothing left to close.
        }
    }

    /** The warning is about addresses that strangers give; this one comes from the JVM that was attached to. */
    @SuppressWarnings("BanJNDI")
    private static JMXConnector connect(String localAddress) throws IOException {
        return JMXConnectorFactory.connect(new JMXServiceURL(localAddress));
    }
}
