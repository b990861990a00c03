// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import com.sun.tools.attach.VirtualMachine;
import io.github.pgleash.benchmarks.programs.Bean;
import java.io.IOException;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** pgleash's MBean in a child, as JConsole reaches it. */
final class RemoteBean implements AutoCloseable {
    private final JMXConnector connector;
    private final Bean bean;

    @SuppressWarnings("BanJNDI") // on this machine, to a child of ours
    private RemoteBean(JMXConnector connector) throws Exception {
        this.connector = connector;
        this.bean = new Bean(connector.getMBeanServerConnection());
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

    Object attribute(String attribute) throws Exception {
        return bean.attribute(attribute);
    }

    CompositeData[] terminateLeaked() throws Exception {
        return bean.terminateLeaked();
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
