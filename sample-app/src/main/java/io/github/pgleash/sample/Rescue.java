// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Outcome;
import io.github.pgleash.jmx.Receipt;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A service gets stuck in a transaction and leaks a connection; both are found over JMX, ended, and proved to be gone. */
final class Rescue {
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration START = Duration.ofSeconds(40);
    private static final Duration VERDICT = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Story story;
    private final Cleanup cleanup;
    private final Path agent;

    Rescue(Story story, Cleanup cleanup, Path agent) {
        this.story = story;
        this.cleanup = cleanup;
        this.agent = agent;
    }

    /** What is started here is ended by the cleanup, however this ends. */
    void play(ServerOptions options) throws Exception {
        story.step("Start PostgreSQL");
        Server server = cleanup.add(options.open());
        Witness witness = cleanup.add(Witness.of(server));
        story.tell("PostgreSQL " + witness.serverVersion() + ", " + server);

        story.step("Start a service with the agent; after some honest work it leaks a connection and gets stuck");
        ServiceProcess service = startService(server);
        long orders = status(service).orders();
        story.check(
                "it has taken " + orders + " orders, and two connections are not returned",
                orders > 0
                        && Await.condition(ANSWER, PAUSE, () -> status(service).borrowed() >= 2));
        story.check("a checkout of the service holds a row lock: nobody else can update the row", !rowIsFree(witness));

        story.step("Connect to JVM " + service.pid() + " over JMX, as JConsole does");
        BackendsMXBean backends = connect(service);
        story.tell("pgleash " + backends.getVersion() + ", tag " + backends.getTag());

        story.step("List the service's backends");
        list(backends, witness);

        story.step("Find the one that is stuck");
        Backend offender = find(backends);
        story.tell(offender.id() + " is " + offender.verdict() + ": " + offender.evidence());
        Witness.Session session = sessionOf(offender, witness);
        story.check(
                "the server shows it under the service's tag, idle in transaction",
                session.applicationName().equals(backends.getTag()) && isIdleInTransaction(session.state()));

        story.step("Ask what is known of it: explain(\"" + offender.id() + "\")");
        story.tell(backends.explain(offender.id()));

        story.step("End it: terminate(\"" + offender.id() + "\")");
        Receipt receipt = backends.terminate(offender.id());
        tell(receipt);

        story.step("Prove it");
        prove(receipt, session, witness, service);

        story.step("Find the one that was borrowed and forgotten, and end it: terminateLeaked(dryRun=false)");
        endLeaked(backends, witness, service);

        story.step("Stop the service");
        service.tell(Instruction.QUIT);
        story.check("it stopped as told", service.awaitExit(ANSWER).equals(OptionalInt.of(0)));
    }

    private ServiceProcess startService(Server server) throws IOException {
        List<String> jvmArguments = List.of(
                "-javaagent:" + agent + "=app=orders,leak.after=2s,idleInTransaction.after=2s",
                // On a machine whose own name does not resolve, a JMX client would not find back.
                "-Djava.rmi.server.hostname=localhost");
        return cleanup.add(ServiceProcess.start(
                jvmArguments, server, List.of("--do", "leak,idle"), line -> story.tell("service | " + line)));
    }

    /** The service answers only when it has done what {@code --do} says. */
    private PoolStatus status(ServiceProcess service) throws Exception {
        Optional<PoolStatus> first = Await.answer(START, PAUSE, () -> {
            if (!service.isAlive()) {
                throw new IllegalStateException("the service has ended; its last words are above");
            }
            return service.status(Duration.ofSeconds(2));
        });
        return first.orElseThrow(
                () -> new IllegalStateException("the service has not answered within " + START.toSeconds() + " s"));
    }

    private BackendsMXBean connect(ServiceProcess service) throws Exception {
        Operator operator = cleanup.add(Operator.attach(service.pid()));
        if (!Await.condition(ANSWER, PAUSE, operator::seesBackends)) {
            throw new IllegalStateException("the service has no MBean pgleash:type=Backends; is it the right jar?");
        }
        return operator.backends();
    }

    private void list(BackendsMXBean backends, Witness witness) throws SQLException {
        story.tell("table():");
        story.tell(backends.table());
        story.tell("");
        story.tell("the same from the server, select ... from pg_stat_activity by a connection without agent:");
        List<Witness.Session> sessions = witness.sessions();
        story.tell(Witness.Session.heading());
        sessions.forEach(session -> story.tell(session.toString()));
        Set<Integer> pids = sessions.stream().map(Witness.Session::pid).collect(Collectors.toSet());
        Backend[] listed = backends.getBackends();
        story.check(
                "each of the " + listed.length + " backends in the list exists on the server",
                listed.length > 0 && List.of(listed).stream().allMatch(backend -> pids.contains(backend.pid())));
    }

    /** Prefers the one that holds the lock; gives a verdict some time to be reached, as evidence needs time. */
    private static Backend find(BackendsMXBean backends) throws Exception {
        Optional<Backend> best = Await.answer(VERDICT, PAUSE, () -> {
            backends.refresh();
            return worst(backends).filter(backend -> isIdleInTransaction(backend.state()) && isJudged(backend));
        });
        return best.or(() -> worst(backends))
                .orElseThrow(() -> new IllegalStateException("after " + VERDICT.toSeconds()
                        + " s no backend in the list is leaked, stuck or idle in transaction"));
    }

    private static Optional<Backend> worst(BackendsMXBean backends) {
        return List.of(backends.getBackends()).stream()
                .filter(backend -> isJudged(backend) || isIdleInTransaction(backend.state()))
                .max(Comparator.comparing((Backend backend) -> isIdleInTransaction(backend.state()))
                        .thenComparing(Rescue::isJudged)
                        // Of transactions the oldest: a clerk's is idle for a moment too, between two statements.
                        .thenComparing(backend -> String.valueOf(backend.xact_start()), Comparator.reverseOrder()));
    }

    private static boolean isJudged(Backend backend) {
        return Set.of("leaked", "stuck").contains(backend.verdict());
    }

    private static boolean isIdleInTransaction(@Nullable String state) {
        return state != null && state.startsWith("idle in transaction");
    }

    private static Witness.Session sessionOf(Backend backend, Witness witness) throws SQLException {
        return witness.sessions().stream()
                .filter(session -> session.pid() == backend.pid())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the server has no backend " + backend.pid()));
    }

    private void tell(Receipt receipt) {
        story.tell(receipt.outcome() + " by " + receipt.rung() + " in " + receipt.elapsedMillis() + " ms, slot freed: "
                + receipt.slotFreed() + ", asked by " + receipt.by());
        story.tell(receipt.reason());
        story.tell(receipt.evidence());
    }

    private void prove(Receipt receipt, Witness.Session session, Witness witness, ServiceProcess service)
            throws Exception {
        story.check("the receipt says GONE", receipt.outcome().equals(Outcome.GONE.name()));
        story.check("the server has no backend " + session.pid() + " any more", !witness.sees(session));
        story.check("the row lock is free: another session can update the row", rowIsFree(witness));
        // Only the leaked one is left; the clerks borrow for a moment now and then.
        story.check(
                "the pool has its slot back: of two connections that were not returned it counts one",
                receipt.slotFreed()
                        && Await.condition(ANSWER, PAUSE, () -> status(service).borrowed() <= 1));
        long orders = status(service).orders();
        story.check(
                "the service goes on: more orders than " + orders,
                Await.condition(ANSWER, PAUSE, () -> status(service).orders() > orders));
    }

    private void endLeaked(BackendsMXBean backends, Witness witness, ServiceProcess service) throws Exception {
        Backend leaked = Await.answer(VERDICT, PAUSE, () -> {
                    backends.refresh();
                    return List.of(backends.getBackends()).stream()
                            .filter(backend -> backend.verdict().equals("leaked"))
                            .findFirst();
                })
                .orElseThrow(() -> new IllegalStateException(
                        "after " + VERDICT.toSeconds() + " s no backend in the list is leaked"));
        story.tell(leaked.id() + " is leaked: " + leaked.evidence());
        story.tell("borrowed at " + leaked.borrowedFrom());
        Witness.Session session = sessionOf(leaked, witness);
        List<Receipt> receipts = List.of(backends.terminateLeaked(false));
        receipts.forEach(this::tell);
        story.check(
                "one receipt, for that backend: GONE, and its slot freed",
                receipts.size() == 1
                        && receipts.get(0).backend().equals(leaked.id())
                        && receipts.get(0).outcome().equals(Outcome.GONE.name())
                        && receipts.get(0).slotFreed());
        story.check("the server has no backend " + session.pid() + " any more", !witness.sees(session));
        story.check(
                "the pool has this slot back too: it counts none that is not returned",
                Await.condition(ANSWER, PAUSE, () -> status(service).borrowed() == 0));
    }

    private static boolean rowIsFree(Witness witness) throws SQLException {
        return witness.canUpdate(CheckoutFlow.FIRST_ARTICLE);
    }
}
