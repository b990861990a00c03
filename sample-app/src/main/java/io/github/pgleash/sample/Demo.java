// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.io.FileNotFoundException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Plays the {@link Rescue} and tells it; the exit code says whether all of it was true. */
@Command(
        name = "Demo",
        description = "Starts a service under the agent, lets it get stuck, finds its backend over JMX, ends it, and "
                + "proves it.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:all of it was true", "1:something was not, or could not be tried", "2:wrong arguments"})
final class Demo implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "PGLEASH_JAR",
            defaultValue = "agent/target/pgleash.jar",
            description = "the agent (default: ${DEFAULT-VALUE})")
    private Path agent = Path.of("agent");

    private final Story story;

    private Demo(PrintStream out) {
        this.story = new Story(out);
    }

    public static void main(String[] args) {
        System.exit(commandLine(System.out).execute(args));
    }

    static CommandLine commandLine(PrintStream out) {
        return OneSentence.on(new Demo(out));
    }

    @Override
    public Integer call() throws FileNotFoundException {
        Path jar = agent.toAbsolutePath().normalize();
        if (!Files.isRegularFile(jar)) {
            throw new FileNotFoundException(
                    agent.normalize() + " is not there; build it with: mvn -ntp -DskipTests -pl agent -am package");
        }
        ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "watchdog");
            thread.setDaemon(true);
            return thread;
        });
        var unused = watchdog.schedule(this::giveUp, DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        story.begin(
                "A service gets stuck in a transaction and leaks a connection. We find both over JMX, end them, and prove it.");
        try (Cleanup cleanup = Cleanup.alsoAtExit()) {
            new Rescue(story, cleanup, jar).play(server);
        } catch (WrongArgument wrong) {
            throw wrong;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            story.failed("it was interrupted");
        } catch (Exception failure) {
            story.failed("could not go on: " + sentence(failure));
        } finally {
            watchdog.shutdownNow();
        }
        return story.end() ? 0 : 1;
    }

    /** Every wait has its own, shorter deadline; this one is for the wait that was forgotten. */
    private void giveUp() {
        story.failed("not finished within " + DEADLINE.toSeconds() + " s");
        story.end();
        System.exit(1);
    }

    private static String sentence(Exception failure) {
        if (failure.getMessage() != null) {
            return failure.getMessage();
        }
        return failure.getCause() == null
                ? failure.toString()
                : failure.getCause().toString();
    }
}
