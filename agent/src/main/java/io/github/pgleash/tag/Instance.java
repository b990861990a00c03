// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.tag;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
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
    /** Of 2<sup>64</sup>, odd: what differs in any bit differs in the upper ones of the product. */
    private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;

    /** Never touches the network where the system tells its host name by other means. */
    public static Instance ofThisJvm() {
        String host = hostName();
        long pid = ownPid();
        return new Instance(id(host, pid), host, pid, applicationName(System.getProperties(), System.getenv()));
    }

    /**
     * From what differs between two JVMs, or two lives of one that was restored. Not from SecureRandom, nor Random: they
     * load classes, a hundred and two, while the application waits for its first connection.
     */
    private static String id(String host, long pid) {
        long seed = System.nanoTime()
                ^ Long.rotateLeft(System.currentTimeMillis(), 20)
                ^ Long.rotateLeft(pid, 40)
                ^ Long.rotateLeft(host.hashCode(), 32);
        int random = (int) (((seed ^ (seed >>> 32)) * GOLDEN_RATIO) >>> 32);
        char[] digits = new char[8];
        for (int i = 0; i < digits.length; i++) {
            digits[i] = Character.forDigit(random >>> (4 * i) & 0xf, 16);
        }
        return new String(digits);
    }

    /** Linux tells it in a file, without the threads and classes of {@link ProcessHandle}. */
    private static long ownPid() {
        String stat = fromKernel("/proc/self/stat");
        int blank = stat == null ? -1 : stat.indexOf(' ');
        if (stat != null && blank > 0) {
            try {
                return Long.parseLong(stat.substring(0, blank));
            } catch (NumberFormatException another) {
                // asked the other way
            }
        }
        return ProcessHandle.current().pid();
    }

    static String applicationName(Properties system, Map<String, String> environment) {
        String[] candidates = {
            system.getProperty("spring.application.name"),
            environment.get("SPRING_APPLICATION_NAME"),
            fromSpringBoot(system),
            system.getProperty("otel.service.name"),
            environment.get("OTEL_SERVICE_NAME"),
            fromCommand(system),
        };
        for (String candidate : candidates) {
            if (candidate != null && !candidate.isBlank()) {
                return candidate.trim();
            }
        }
        return "java";
    }

    /**
     * {@code spring.application.name} is mostly written in a file inside the jar. Spring Boot tells its logging of it by a
     * system property, long before the first connection: the name since 3.4, {@code "[name] "} in 3.2 and 3.3.
     */
    private static @Nullable String fromSpringBoot(Properties system) {
        String name = system.getProperty("APPLICATION_NAME");
        String logged = system.getProperty("LOGGED_APPLICATION_NAME");
        return name != null || logged == null ? name : logged.strip().replaceAll("^\\[|]$", "");
    }

    /** {@code sun.java.command} is the main class, {@code module/class} or archive as given, then the arguments. */
    private static String fromCommand(Properties system) {
        String command = system.getProperty("sun.java.command", "");
        int archive = system.getProperty("jdk.module.main") == null ? endOfArchive(command) : -1;
        if (archive > 0) {
            String path = command.substring(0, archive);
            return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        }
        int space = command.indexOf(' ');
        String main = space < 0 ? command : command.substring(0, space);
        return main.substring(
                Math.max(main.lastIndexOf('.'), Math.max(main.lastIndexOf('/'), main.lastIndexOf('\\'))) + 1);
    }

    /** Where the name of a jar or war ends; -1 without one. A blank before belongs to its path, or ends a main class. */
    private static int endOfArchive(String command) {
        int space = command.indexOf(' ');
        String first = space < 0 ? command : command.substring(0, space);
        boolean isPath = first.indexOf('/') >= 0 || first.indexOf('\\') >= 0;
        for (int dot = command.indexOf('.'); dot >= 0; dot = command.indexOf('.', dot + 1)) {
            boolean archive = command.startsWith(".jar", dot) || command.startsWith(".war", dot);
            boolean ends = dot + 4 == command.length() || (archive && command.charAt(dot + 4) == ' ');
            if (archive && ends) {
                return space < 0 || dot < space || isPath ? dot : -1;
            }
        }
        return -1;
    }

    private static String hostName() {
        String[] candidates = {
            System.getenv("HOSTNAME"), fromKernel("/proc/sys/kernel/hostname"), System.getenv("COMPUTERNAME")
        };
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

    private static @Nullable String fromKernel(String file) {
        try (FileInputStream in = new FileInputStream(file)) {
            return new String(in.readNBytes(512), StandardCharsets.UTF_8);
        } catch (IOException | RuntimeException notLinux) {
            return null;
        }
    }
}
