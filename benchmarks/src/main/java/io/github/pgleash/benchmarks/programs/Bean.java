// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks.programs;

import java.lang.management.ManagementFactory;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/** pgleash's MBean, in this JVM or in another. */
@SuppressWarnings("BanJNDI") // on this machine, to a child of the harness
public final class Bean {
    private final MBeanServerConnection server;
    private final ObjectName name;

    /** Waits until it is there. */
    public Bean(MBeanServerConnection server) throws Exception {
        this.server = server;
        this.name = new ObjectName("pgleash:type=Backends");
        while (!server.isRegistered(name)) {
            Thread.onSpinWait();
        }
    }

    public static Bean ofThisJvm() throws Exception {
        return new Bean(ManagementFactory.getPlatformMBeanServer());
    }

    public Object attribute(String attribute) throws Exception {
        return server.getAttribute(name, attribute);
    }

    Object refresh() throws Exception {
        return server.invoke(name, "refresh", new Object[0], new String[0]);
    }

    /** Its receipts. */
    public CompositeData[] terminateLeaked() throws Exception {
        return (CompositeData[]) server.invoke(name, "terminateLeaked", new Object[] {false}, new String[] {"boolean"});
    }
}
