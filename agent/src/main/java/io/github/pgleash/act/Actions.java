// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.act.LocalRung.Done;
import io.github.pgleash.act.Receipt.Action;
import io.github.pgleash.act.Receipt.Rung;
import io.github.pgleash.act.Targets.Found;
import io.github.pgleash.act.Targets.NotFound;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.observe.ControlConnection.Session;
import io.github.pgleash.observe.ControlConnections;
import io.github.pgleash.observe.Unreachable;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.Legible;
import io.github.pgleash.track.TrackedConnection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Cancels and terminates: finds the backend that was meant, claims its borrow, has it signalled and watched, gives its
 * slot back to the pool, and writes a receipt for whatever came of it. Called by threads of our own.
 */
public final class Actions {
    private static final Duration LOCAL_WAIT = Duration.ofSeconds(2);
    private static final int LONGEST_REASON = 2_000;
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final Targets targets;
    private final Survey survey;
    private final ControlConnections controls;
    private final Logins logins;
    private final Strangers strangers;
    private final Claims claims;
    private final LocalRung local;
    private final Consumer<Receipt> receipts;

    /** @param receipts gets each receipt, also of what was refused */
    public Actions(
            Targets targets,
            Survey survey,
            ControlConnections controls,
            Logins logins,
            Strangers strangers,
            Claims claims,
            Consumer<Receipt> receipts) {
        this.targets = targets;
        this.survey = survey;
        this.controls = controls;
        this.logins = logins;
        this.strangers = strangers;
        this.claims = claims;
        this.local = new LocalRung(survey, controls, logins, claims);
        this.receipts = receipts;
    }

    /**
     * Cancels the statement that one backend runs.
     *
     * @param backend an id as an operator gave it
     * @param by who asked
     */
    public Receipt cancel(@Nullable String backend, String by) {
        return act(new Attempt(Action.CANCEL, backend, by, null));
    }

    /** Ends one backend, and gives its slot back to the pool when somebody has borrowed it. */
    public Receipt terminate(@Nullable String backend, String by) {
        return act(new Attempt(Action.TERMINATE, backend, by, null));
    }

    /**
     * Looks afresh and ends every backend that fits. One that was returned, or moved on to another state, since it was
     * looked at is spared.
     *
     * @param dryRun only say what would be done
     */
    public List<Receipt> terminateAll(Predicate<Finding> condition, String by, boolean dryRun) {
        survey.look();
        List<Attempt> attempts = new ArrayList<>();
        for (Finding finding : survey.findings()) {
            if (condition.test(finding)) {
                Attempt attempt =
                        new Attempt(Action.TERMINATE, finding.connection().id(), by, finding);
                attempt.evidence = Evidence.of(finding);
                attempts.add(attempt);
            }
        }
        if (!dryRun) {
            terminateTogether(attempts);
        }
        return attempts.stream()
                .map(attempt -> attempt.receipt == null ? terminateOneOfAll(attempt, dryRun) : attempt.receipt)
                .toList();
    }

    /** Server by server. Who has no receipt after that is faced alone, and told why. */
    private void terminateTogether(List<Attempt> attempts) {
        Map<String, List<Attempt>> groups = new LinkedHashMap<>();
        for (Attempt attempt : attempts) {
            TrackedConnection connection =
                    Objects.requireNonNull(attempt.judged).connection();
            if (!connection.isXa()) {
                groups.computeIfAbsent(logins.of(connection.origin()).name(), name -> new ArrayList<>())
                        .add(attempt);
            }
        }
        groups.values().forEach(this::terminateGroup);
    }

    private void terminateGroup(List<Attempt> group) {
        Finding newest = Objects.requireNonNull(group.get(group.size() - 1).judged);
        try {
            controls.<@Nullable Void>use(logins.of(newest.connection().origin()), session -> {
                new Volley(session, claims, this::receipt)
                        .fire(group.stream()
                                .filter(attempt -> attempt.receipt == null)
                                .filter(attempt -> isHere(Objects.requireNonNull(attempt.judged), session))
                                .toList());
                return null;
            });
        } catch (Unreachable trouble) {
            // each of them is ended with its driver alone
        } catch (SQLException trouble) {
            Result failed = trouble(newest.connection(), trouble);
            group.stream().filter(attempt -> attempt.receipt == null).forEach(attempt -> receipt(attempt, failed));
        } catch (RuntimeException trouble) {
            // told of each that is faced alone, should it come again
        }
    }

    /** Whether its pid is one of that server's, as far as is known; if not, it is faced alone. */
    private static boolean isHere(Finding finding, Session session) {
        return !ThroughPooler.concerns(session, finding.connection())
                && !Look.isElsewhere(finding.connection(), Engagement.run(session));
    }

    /**
     * Does to one backend what a rule has decided. One that was returned, or moved on, since it was judged is spared.
     *
     * @param objection asked once more with the backend as it was just read, before anything is done: why it is to be
     *     spared; empty when it is not
     */
    public Receipt carryOut(Action action, Finding judged, String by, Function<Finding, String> objection) {
        Attempt attempt = new Attempt(action, judged.connection().id(), by, judged);
        attempt.objection = objection;
        return act(attempt);
    }

    /** A transaction manager decides about its branches; it takes a backend that was ended for a branch that is over. */
    private Receipt terminateOneOfAll(Attempt attempt, boolean dryRun) {
        if (Objects.requireNonNull(attempt.judged).connection().isXa()) {
            return receipt(
                    attempt,
                    Result.refused("it takes part in distributed transactions; terminate it by its id if you must"));
        }
        return dryRun ? dryRun(attempt) : act(attempt);
    }

    private Receipt dryRun(Attempt attempt) {
        return receipt(
                attempt, new Result(Outcome.DRY_RUN, "would be terminated; call again with dryRun=false", Rung.NONE));
    }

    /** What an operator's id leads to, by the last look; or why it leads nowhere. */
    public Lookup find(@Nullable String backend) {
        Targets.Target target = targets.find(backend);
        if (target instanceof NotFound notFound) {
            return new Lookup(null, reason(notFound));
        }
        long number = ((Found) target).connection().number();
        for (Finding finding : survey.findings()) {
            if (finding.connection().number() == number) {
                return new Lookup(finding, "");
            }
        }
        return new Lookup(null, "its connection was closed before");
    }

    /** @param finding null where there is none, for the reason given */
    public record Lookup(@Nullable Finding finding, String reason) {
        public String map(Function<Finding, String> text) {
            return finding == null ? Legible.of(reason, LONGEST_REASON) : text.apply(finding);
        }
    }

    private Receipt act(Attempt attempt) {
        try {
            Targets.Target target = targets.find(attempt.backend);
            Result result = target instanceof Found found
                    ? onServer(attempt, found)
                    : new Result(((NotFound) target).outcome(), reason((NotFound) target), Rung.NONE);
            return receipt(attempt, result);
        } catch (RuntimeException trouble) {
            return receipt(attempt, Result.failed("trouble of pgleash's own: " + trouble));
        }
    }

    private String reason(NotFound notFound) {
        return notFound.reason() + (notFound.unknownPid() == 0 ? "" : strangers.describe(notFound.unknownPid()));
    }

    private Result onServer(Attempt attempt, Found found) {
        attempt.backend = found.connection().id();
        try {
            Result result =
                    controls.use(logins.of(found.connection().origin()), session -> face(attempt, found, session));
            if (result.rung() == Rung.SQL) {
                survey.allowed(found.connection());
            }
            return result;
        } catch (Unreachable trouble) {
            return locally(attempt, found.connection(), trouble);
        } catch (SQLException trouble) {
            return trouble(found.connection(), trouble);
        }
    }

    private Result trouble(TrackedConnection connection, SQLException trouble) {
        String message = Survey.text(trouble);
        if (!INSUFFICIENT_PRIVILEGE.equals(trouble.getSQLState())) {
            return Result.failed("the server could not be asked: " + message);
        }
        survey.denied(connection, message);
        return new Result(Outcome.DENIED, "the server did not allow it: " + message, Rung.SQL);
    }

    private Result locally(Attempt attempt, TrackedConnection connection, Unreachable trouble) {
        String objection = attempt.objection.apply(survey.unasked(connection, Survey.text(trouble)));
        if (!objection.isEmpty()) {
            return Result.refused(objection);
        }
        Done done = attempt.action == Action.CANCEL
                ? local.cancel(connection, trouble)
                : local.terminate(connection, attempt.judged, attempt.by, trouble);
        attempt.slotFreed = done.slotFreed();
        attempt.evidence = done.evidence();
        return done.result();
    }

    private Result face(Attempt attempt, Found found, Session session) throws SQLException {
        if (ThroughPooler.concerns(session, found.connection())) {
            return throughPooler(attempt, found, session);
        }
        Engagement engagement = new Engagement(session, found.id(), found.connection(), attempt.began);
        Result refusal = engagement.identify();
        Finding now = survey.finding(found.connection(), engagement.row());
        attempt.backend = found.connection().id();
        attempt.evidence = Evidence.of(now);
        if (refusal != null) {
            boolean ended = refusal.outcome() == Outcome.ALREADY_GONE && attempt.action == Action.TERMINATE;
            return ended ? clearAway(attempt, now, refusal) : refusal;
        }
        String objection = attempt.objection.apply(now);
        if (!objection.isEmpty()) {
            return Result.refused(objection);
        }
        return attempt.action == Action.CANCEL ? engagement.cancel() : terminate(attempt, engagement, now);
    }

    private Result throughPooler(Attempt attempt, Found found, Session session) throws SQLException {
        ThroughPooler way = new ThroughPooler(session, found.id(), found.connection());
        Finding now = survey.finding(found.connection(), null);
        Borrow borrow = attempt.judged == null ? now.borrow() : attempt.judged.borrow();
        attempt.evidence = Evidence.of(now);
        Result refusal = way.refusal(attempt.action, borrow != null);
        if (refusal != null) {
            return refusal;
        }
        if (attempt.action == Action.CANCEL) {
            return way.cancel();
        }
        String claimed = borrow == null ? null : claims.tryClaim(borrow, now, attempt.by);
        if (claimed != null) {
            return Result.refused(claimed);
        }
        Result result = Result.failed("it was given up halfway");
        try {
            result = way.terminate();
        } finally {
            attempt.slotFreed = borrow != null && claims.settle(borrow, now, result.outcome());
        }
        return result;
    }

    private Result terminate(Attempt attempt, Engagement engagement, Finding now) throws SQLException {
        Finding judged = attempt.judged == null ? now : attempt.judged;
        if (judged.row() == null && now.verdict().kind() != judged.verdict().kind()) {
            return Result.refused("the server could not be asked when it was judged; now that it can, it is " + "not "
                    + judged.verdict().kind().name().toLowerCase(Locale.ROOT));
        }
        Borrow borrow = judged.borrow();
        if (borrow == null) {
            // Nobody has it: should it be lent in this very moment, its state changes, and the statement finds nobody.
            return withoutBorrow(engagement, judged);
        }
        String claimed = claims.tryClaim(borrow, now, attempt.by);
        if (claimed != null) {
            return Result.refused(claimed);
        }
        Result result = Result.failed("it was given up halfway");
        try {
            result = engagement.terminate(
                    attempt.judged == null ? null : judged.row() == null ? now.row() : judged.row());
        } finally {
            attempt.slotFreed = claims.settle(borrow, now, result.outcome());
        }
        return result;
    }

    /** Somebody else has ended its backend; what is left in this JVM is a dead connection, and perhaps a lost slot. */
    private Result clearAway(Attempt attempt, Finding now, Result gone) {
        Borrow borrow = attempt.judged == null ? now.borrow() : attempt.judged.borrow();
        if (borrow == null) {
            endWhereverItIs(now.connection());
        } else if (claims.tryClaim(borrow, now, attempt.by) == null) {
            endWhereverItIs(now.connection());
            attempt.slotFreed = claims.settle(borrow, now, Outcome.ALREADY_GONE);
        }
        return attempt.slotFreed
                ? new Result(gone.outcome(), gone.reason() + "; its slot was given back to the pool", gone.rung())
                : gone;
    }

    /** One that was never seen may live on another server behind the same name. */
    private static void endWhereverItIs(TrackedConnection connection) {
        if (connection.isBound()) {
            connection.abort();
        } else {
            LocalMeans.end(connection, LOCAL_WAIT);
        }
    }

    private static Result withoutBorrow(Engagement engagement, Finding judged) throws SQLException {
        Result result = engagement.terminate(judged.row());
        if (result.outcome() == Outcome.GONE) {
            judged.connection().abort();
        }
        return result;
    }

    private Receipt receipt(Attempt attempt, Result result) {
        Receipt receipt = new Receipt(
                attempt.time,
                attempt.action,
                attempt.backend,
                result.outcome(),
                result.reason(),
                attempt.by,
                result.rung(),
                Duration.ofNanos(System.nanoTime() - attempt.began),
                attempt.slotFreed,
                attempt.evidence);
        attempt.receipt = receipt;
        receipts.accept(receipt);
        return receipt;
    }

    /** What becomes the receipt, as far as it is known. */
    static final class Attempt {
        final String by;
        final @Nullable Finding judged;
        boolean slotFreed;
        private final Action action;
        private final Instant time = Instant.now();
        private final long began = System.nanoTime();
        private String backend;
        private String evidence = "";
        private @Nullable Receipt receipt;
        private Function<Finding, String> objection = now -> "";

        /** @param judged what the action was decided upon; null when it was asked for by hand */
        Attempt(Action action, @Nullable String backend, String by, @Nullable Finding judged) {
            this.action = action;
            this.backend = BackendId.kept(backend);
            this.by = by;
            this.judged = judged;
        }
    }
}
