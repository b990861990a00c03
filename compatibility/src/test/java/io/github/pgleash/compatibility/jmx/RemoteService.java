// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.jmx;

import io.github.pgleash.compatibility.service.Jdks;
import io.github.pgleash.compatibility.service.ServiceJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A service whose JMX is open on loopback, with a password for each of two roles. */
record RemoteService(ServiceJvm jvm, String url) implements AutoCloseable {
    /** May look. */
    static final String READONLY = "spectator";
    /** May act. */
    static final String READWRITE = "operator";

    static RemoteService start(int java, String options, Path folder) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path passwords = secret(
                folder.resolve("passwords"),
                "%s %s%n%s %s%n".formatted(READONLY, password(READONLY), READWRITE, password(READWRITE)));
        Path access = secret(folder.resolve("access"), "%s readonly%n%s readwrite%n".formatted(READONLY, READWRITE));
        String management = "com.sun.management.jmxremote";
        ServiceJvm jvm = ServiceJvm.plan()
                .javaHome(Jdks.require(java))
                .agent(options)
                .systemProperty(management + ".port", Integer.toString(port))
                .systemProperty(management + ".rmi.port", Integer.toString(port))
                .systemProperty(management + ".host", "127.0.0.1")
                .systemProperty(management + ".ssl", "false")
                .systemProperty(management + ".authenticate", "true")
                .systemProperty(management + ".password.file", passwords.toString())
                .systemProperty(management + ".access.file", access.toString())
                .start();
        return new RemoteService(jvm, "service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi");
    }

    static String password(String user) {
        return "of-" + user;
    }

    /** Connects as one of the two. */
    @SuppressWarnings("BanJNDI") // It is our own service.
    JMXConnector connect(String user) throws IOException {
        return JMXConnectorFactory.connect(
                new JMXServiceURL(url), Map.of(JMXConnector.CREDENTIALS, new String[] {user, password(user)}));
    }

    @Override
    public void close() {
        jvm.close();
    }

    /** The JVM does not start when others may read these files. */
    private static Path secret(Path file, String content) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content);
    }
}
