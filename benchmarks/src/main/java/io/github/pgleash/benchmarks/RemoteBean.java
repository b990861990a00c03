// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** pgleash's MBean in a child, as JConsole reaches it. */
final class RemoteBean implements AutoCloseable {
    private final JMXConnector connector;
    private final MBeanServerConnection server;
    private final ObjectName name;

    @SuppressWarnings("BanJNDI") // on this machine, to a child of ours
    private RemoteBean(JMXConnector connector) throws Exception {
        this.connector = connector;
        this.server = connector.getMBeanServerConnection();
        this.name = new ObjectName("pgleash:type=Backends");
        while (!server.isRegistered(name)) {
            Thread.onSpinWait();
        }
    }

    @SuppressWarnings("BanJNDI")
    static RemoteBean of(Child child) throws Exception {
        VirtualMachine jvm = VirtualMachine.attach(Long.toString(child.pid()));
        try {
            return new RemoteBean(JMXConnectorFactory.connect(new JMXServiceURL(jvm.startLocalManagementAgent())));
        } finally {
            jvm.detach();
        }
    }

    @SuppressWarnings("BanJNDI")
    Object attribute(String attribute) throws Exception {
        return server.getAttribute(name, attribute);
    }

    @SuppressWarnings("BanJNDI")
    Object terminateLeaked() throws Exception {
        return server.invoke(name, "terminateLeaked", new Object[] {false}, new String[] {"boolean"});
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException gone) {
            // so is the child
        }
    }
}
