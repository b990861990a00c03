// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.jmx.BackendsMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A child JVM that runs a program as its users do, an executable jar or a server, and has nothing of the tests in it. It
 * can be told something on stdin, and looked at over JMX and by what it writes.
 */
public final class ProgramJvm implements AutoCloseable {
    private final Process process;
    /** The JVM itself: the process, or what a script started. */
    private final ProcessHandle jvm;

    private final Transcript stdout;
    private final Transcript stderr;
    private final Management management;

    private ProgramJvm(Process process, ProcessHandle jvm) {
        this.process = process;
        this.jvm = jvm;
        this.stdout = Transcript.of("stdout of program " + process.pid(), process.getInputStream());
        this.stderr = Transcript.of("stderr of program " + process.pid(), process.getErrorStream());
        this.management = new Management(jvm.pid());
    }

    /**
     * Starts it.
     *
     * @param arguments what comes behind {@code java}
     * @param environment what it gets besides the tests' own
     */
    public static ProgramJvm start(List<String> arguments, Map<String, String> environment) {
        return start(Jdks.configured(), arguments, environment);
    }

    /** Starts it on a JDK of its own. */
    public static ProgramJvm start(Path javaHome, List<String> arguments, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin").resolve("java").toString());
        // JMX's stubs would name this machine's outer address otherwise.
        command.add("-Djava.rmi.server.hostname=127.0.0.1");
        command.addAll(arguments);
        return start(launch(command, environment), Process::toHandle);
    }

    /**
     * Starts a script that starts it.
     *
     * @param jar the name of the one that the JVM runs
     * @param command the script and its arguments
     * @param environment what it gets besides the tests' own
     */
    public static ProgramJvm script(String jar, List<String> command, Map<String, String> environment) {
        Map<String, String> complete = new HashMap<>(environment);
        complete.put("JAVA_HOME", Jdks.configured().toString());
        return start(launch(command, complete), script -> startedBy(script, jar));
    }

    private static Process launch(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .keySet()
                .removeIf(name -> ServicePlan.FOREIGN.matcher(name).matches());
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot start " + command, failed);
        }
    }

    private static ProgramJvm start(Process process, Function<Process, ProcessHandle> jvm) {
        ProgramJvm program = new ProgramJvm(process, jvm.apply(process));
        FailedTestPrintsServices.remember(program, process::isAlive);
        return program;
    }

    /** Not those that scripts start for a moment, to ask for their version. */
    private static ProcessHandle startedBy(Process script, String jar) {
        return await("JVM of " + script.info())
                .atMost(ServiceJvm.DEADLINE)
                .until(
                        () -> script.descendants()
                                .filter(child -> Stream.of(
                                                child.info().arguments().orElse(new String[0]))
                                        .anyMatch(argument -> argument.endsWith(jar)))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** The argument that loads the jar under test. */
    public static String agent(String options) {
        return "-javaagent:" + ServiceJvm.agentJar() + "=" + options;
    }

    /** Writes a line to its stdin. */
    public void tell(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(UTF_8));
            process.getOutputStream().flush();
        } catch (IOException gone) {
            throw new UncheckedIOException("it does not listen any more\n" + this, gone);
        }
    }

    /** pgleash's MBean; waits until it is registered. */
    public BackendsMXBean backends() {
        return management.backends(ServiceJvm.DEADLINE);
    }

    public List<String> stdout() {
        return stdout.lines();
    }

    public List<String> stderr() {
        return stderr.lines();
    }

    /** The first line of stdout with this regular expression in it; waits for it. */
    public String awaitStdout(String expression) {
        return awaitLine(stdout, expression);
    }

    /** The first line of stderr with this regular expression in it; waits for it. */
    public String awaitStderr(String expression) {
        return awaitLine(stderr, expression);
    }

    public long pid() {
        return jvm.pid();
    }

    /** Ends it with SIGTERM, as an orchestrator does, and returns its exit status when it is gone. */
    public int terminate() {
        jvm.destroy(); // Process.destroy() would close its outputs before it has said its last word
        return awaitExit();
    }

    /** Waits until it ends by itself, and returns its exit status. */
    public int awaitExit() {
        try {
            if (!process.waitFor(ServiceJvm.DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
                jvm.destroyForcibly();
                throw new AssertionError("the program had to be killed\n" + this);
            }
            stdout.awaitEnd(ServiceJvm.DEADLINE);
            stderr.awaitEnd(ServiceJvm.DEADLINE);
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Ends it, by force if need be. */
    @Override
    public void close() {
        management.close();
        try {
            terminate();
        } finally {
            jvm.destroyForcibly();
            process.destroyForcibly();
        }
    }

    @Override
    public String toString() {
        return stdout + "\n" + stderr;
    }

    private static String awaitLine(Transcript transcript, String expression) {
        try {
            return transcript.await(Pattern.compile(expression), ServiceJvm.DEADLINE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
