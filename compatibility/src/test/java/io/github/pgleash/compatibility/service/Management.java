// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import static org.awaitility.Awaitility.await;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.BackendsObjectName;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/** What can be done to a JVM from outside: load agents, look at its MBeans. */
final class Management implements Closeable {
    private final long pid;
    private @Nullable JMXConnector connector;

    Management(long pid) {
        this.pid = pid;
    }

    void attach(Path jar, String options) {
        try (Attachment attachment = new Attachment(pid)) {
            attachment.jvm().loadAgent(jar.toString(), options);
        } catch (AgentLoadException | AgentInitializationException refused) {
            throw new IllegalStateException("the JVM " + pid + " did not take " + jar, refused);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    synchronized MBeanServerConnection connection() {
        try {
            if (connector == null) {
                connector = connect();
            }
            return connector.getMBeanServerConnection();
        } catch (IOException failed) {
            throw new UncheckedIOException("no JMX in the JVM " + pid, failed);
        }
    }

    BackendsMXBean backends(Duration deadline) {
        MBeanServerConnection connection = connection();
        await("registration of " + BackendsObjectName.BACKENDS)
                .atMost(deadline)
                .pollDelay(Duration.ZERO)
                .until(() -> connection.isRegistered(BackendsObjectName.BACKENDS));
        return BackendsObjectName.newProxy(connection);
    }

    @Override
    public synchronized void close() {
        try {
            if (connector != null) {
                connector.close();
            }
        } catch (IOException jvmIsGone) {
            // Then so is the connection.
        }
    }

    @SuppressWarnings("BanJNDI") // The URL comes from the JVM that we started ourselves.
    private JMXConnector connect() throws IOException {
        try (Attachment attachment = new Attachment(pid)) {
            return JMXConnectorFactory.connect(
                    new JMXServiceURL(attachment.jvm().startLocalManagementAgent()));
        }
    }

    /** Being attached, for as long as it takes. */
    private record Attachment(VirtualMachine jvm) implements Closeable {
        Attachment(long pid) throws IOException {
            this(attach(pid));
        }

        @Override
        public void close() throws IOException {
            jvm.detach();
        }

        private static VirtualMachine attach(long pid) throws IOException {
            try {
                return VirtualMachine.attach(Long.toString(pid));
            } catch (AttachNotSupportedException refused) {
                throw new IOException("the JVM " + pid + " does not allow to attach", refused);
            }
        }
    }
}
