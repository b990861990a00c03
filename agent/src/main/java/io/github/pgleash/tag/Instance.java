// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.tag;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * This run of this JVM. Made at the first connection, not at JVM start, so that JVMs restored from one snapshot differ.
 *
 * @param id eight random hexadecimal digits
 * @param host name of this machine or container
 * @param application what to call the application where a connection brings no name of its own
 */
public record Instance(String id, String host, long pid, String application) {

    /** Never touches the network where the system tells its host name by other means. */
    public static Instance ofThisJvm() {
        byte[] random = new byte[4];
        new SecureRandom().nextBytes(random);
        return new Instance(
                HexFormat.of().formatHex(random),
                hostName(),
                ProcessHandle.current().pid(),
                applicationName(System.getProperties(), System.getenv()));
    }

    static String applicationName(Properties system, Map<String, String> environment) {
        String[] candidates = {
            system.getProperty("spring.application.name"),
            environment.get("SPRING_APPLICATION_NAME"),
            system.getProperty("otel.service.name"),
            environment.get("OTEL_SERVICE_NAME"),
            fromCommand(system.getProperty("sun.java.command", "")),
        };
        for (String candidate : candidates) {
            if (candidate != null && !candidate.isBlank()) {
                return candidate.trim();
            }
        }
        return "java";
    }

    /** {@code sun.java.command} is the main class, {@code module/class} or jar as given, then the arguments. */
    private static String fromCommand(String command) {
        int jar = command.indexOf(".jar");
        boolean isJar = jar > 0 && (jar + 4 == command.length() || command.charAt(jar + 4) == ' ');
        int space = command.indexOf(' ');
        boolean before = space < 0 || jar < space || command.substring(0, space).indexOf('/') >= 0;
        if (isJar && before) {
            String path = command.substring(0, jar);
            return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        }
        String main = space < 0 ? command : command.substring(0, space);
        return main.substring(Math.max(main.lastIndexOf('.'), main.lastIndexOf('/')) + 1);
    }

    private static String hostName() {
        String[] candidates = {System.getenv("HOSTNAME"), fromKernel(), System.getenv("COMPUTERNAME")};
        for (String candidate : candidates) {
            if (candidate != null && !candidate.isBlank()) {
                return candidate.trim();
            }
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unknown) {
            return "localhost";
        }
    }

    private static @Nullable String fromKernel() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname"));
        } catch (IOException | RuntimeException notLinux) {
            return null;
        }
    }
}
