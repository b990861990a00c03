// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.BackendsObjectName;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;

/**
 * Registers the MBean. Never in premain: the first use of the platform's MBean server initialises java.util.logging,
 * before WildFly or WebLogic could choose their own.
 */
public final class JmxRegistration {
    private JmxRegistration() {}

    /** @throws IllegalStateException with the reason, for people */
    public static void register(MBeanServer server, BackendsMXBean backends, Notifications notifications) {
        try {
            server.registerMBean(new DescribedBean(backends, notifications), BackendsObjectName.BACKENDS);
        } catch (InstanceAlreadyExistsException taken) {
            throw new IllegalStateException(BackendsObjectName.BACKENDS + " is registered already", taken);
        } catch (JMException trouble) {
            throw new IllegalStateException("cannot register " + BackendsObjectName.BACKENDS + ": " + trouble, trouble);
        }
    }
}
