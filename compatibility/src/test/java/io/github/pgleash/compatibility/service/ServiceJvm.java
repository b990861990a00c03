// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import io.github.pgleash.compatibility.service.Message.Kind;
import io.github.pgleash.jmx.BackendsMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.management.MBeanServerConnection;
import org.jspecify.annotations.Nullable;

/**
 * A child JVM that plays the service under test. The test sends it lambdas, looks at it over JMX, and reads what it
 * writes:
 *
 * <pre>{@code
 * String url = PostgresServers.shared().url();
 * try (ServiceJvm service = ServiceJvm.plan().agent("app=shop").start()) {
 *     service.run(stage -> stage.open("orders", url, APP, SECRET));
 *     String tag = service.ask(stage -> stage.query("orders", "SHOW application_name"));
 *     assertThat(tag).startsWith("shop@");
 *     assertThat(service.backends().getConnections()).isEqualTo(1);
 * }
 * }</pre>
 *
 * Nothing of it outlives the test: a service ends when it is closed, and by itself when the test's JVM is gone.
 */
public final class ServiceJvm implements AutoCloseable {
    /** How long anything may take, unless a test says otherwise. */
    public static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Process process;
    private final Transcript stdout;
    private final Transcript stderr;
    private final Dialogue dialogue;
    private final Management management;
    private final Map<String, Running<?>> threads = new ConcurrentHashMap<>();

    private ServiceJvm(Process process, Transcript stdout, Transcript stderr, Dialogue dialogue) {
        this.process = process;
        this.stdout = stdout;
        this.stderr = stderr;
        this.dialogue = dialogue;
        this.management = new Management(process.pid());
    }

    /** A service with the tests' class path and JDK, without an agent unless the plan gets one. */
    public static ServicePlan plan() {
        return new ServicePlan();
    }

    /** The jar under test. */
    public static Path agentJar() {
        return Path.of(Objects.requireNonNull(
                        System.getProperty("pgleash.jar"), "set -Dpgleash.jar to the agent's jar, as the pom does"))
                .normalize();
    }

    static ServiceJvm start(ServicePlan plan) {
        try (Reception reception = new Reception()) {
            Process process = plan.launch(reception.port(), reception.secret());
            Transcript stdout = Transcript.of("stdout of service " + process.pid(), process.getInputStream());
            Transcript stderr = Transcript.of("stderr of service " + process.pid(), process.getErrorStream());
            try {
                Dialogue dialogue = new Dialogue(reception.await(process, DEADLINE));
                ServiceJvm service = new ServiceJvm(process, stdout, stderr, dialogue);
                FailedTestPrintsServices.remember(service, service::isAlive);
                return service;
            } catch (IOException | RuntimeException failed) {
                process.destroyForcibly();
                throw new IllegalStateException("the service did not start\n" + stdout + "\n" + stderr, failed);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Runs a script on the service's main thread and returns its result. */
    public <R extends @Nullable Object> R call(Script<R> script) {
        return dialogue.send(Kind.CALL, "main", script).join();
    }

    /**
     * Runs a script on the service's main thread and returns its result as text. Made for {@code
     * assertThat(service.ask(…))}, which with {@link #call} the compiler takes to be ambiguous.
     */
    public String ask(Script<? extends @Nullable Object> script) {
        return call(script.asText());
    }

    /** Runs a script on the service's main thread. */
    public void run(Script.Action action) {
        call(action.asScript());
    }

    /** Runs a script on a new thread of that name, and does not wait for it. */
    public <R extends @Nullable Object> Running<R> start(String thread, Script<R> script) {
        Running<R> running = dialogue.send(Kind.START, thread, script);
        threads.put(thread, running);
        return running;
    }

    /** The result of what was last started under that name. */
    public @Nullable Object join(String thread, Duration deadline) {
        return Objects.requireNonNull(threads.get(thread), () -> "no thread " + thread + " was started")
                .join(deadline);
    }

    /** Loads the agent of this build into the running service. */
    public void attach(String options) {
        attach(agentJar(), options);
    }

    /** Loads an agent into the running service. */
    public void attach(Path jar, String options) {
        management.attach(jar, options);
    }

    /** The service's MBeans. Starts its JMX when first asked for, as {@code jconsole PID} does. */
    public MBeanServerConnection jmx() {
        return management.connection();
    }

    /** pgleash's MBean in the service; waits until it is registered. */
    public BackendsMXBean backends() {
        return management.backends(DEADLINE);
    }

    /** What it has written to stdout so far. */
    public List<String> stdout() {
        return stdout.lines();
    }

    /** What it has written to stderr so far. */
    public List<String> stderr() {
        return stderr.lines();
    }

    /** The first line of stdout with this regular expression in it; waits for it. */
    public String awaitStdout(String expression) {
        return await(stdout, expression);
    }

    /** The first line of stderr with this regular expression in it; waits for it. */
    public String awaitStderr(String expression) {
        return await(stderr, expression);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it with {@code System.exit(0)} and returns its exit status when it is gone. */
    public int exit() {
        dialogue.exit();
        return awaitExit();
    }

    /** Ends it with SIGTERM, as an orchestrator does, and returns its exit status when it is gone. */
    public int terminate() {
        process.toHandle().destroy(); // Process.destroy() would close its outputs before it has said its last word
        return awaitExit();
    }

    /** Ends it with SIGKILL: no shutdown hook runs. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** Ends it orderly, or by force if that takes too long. */
    @Override
    public void close() {
        management.close();
        try {
            exit();
        } finally {
            process.destroyForcibly();
            dialogue.close();
        }
    }

    @Override
    public String toString() {
        return stdout + "\n" + stderr;
    }

    private int awaitExit() {
        try {
            if (!process.waitFor(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the service " + pid() + " had to be killed");
            }
            stdout.awaitEnd(DEADLINE);
            stderr.awaitEnd(DEADLINE);
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static String await(Transcript transcript, String expression) {
        try {
            return transcript.await(Pattern.compile(expression), DEADLINE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
