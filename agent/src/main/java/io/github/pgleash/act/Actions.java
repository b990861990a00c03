// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.act.Receipt.Action;
import io.github.pgleash.act.Receipt.Rung;
import io.github.pgleash.act.Targets.Found;
import io.github.pgleash.act.Targets.NotFound;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.observe.ControlConnection.Session;
import io.github.pgleash.observe.ControlConnections;
import io.github.pgleash.observe.Unreachable;
import io.github.pgleash.track.Legible;
import io.github.pgleash.track.TrackedConnection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Cancels and terminates: finds the backend that was meant, approaches it, alone or together with others, and writes a
 * receipt for whatever came of it. Called by threads of our own.
 */
public final class Actions {
    private static final int LONGEST_REASON = 2_000;

    private final Targets targets;
    private final Survey survey;
    private final ControlConnections controls;
    private final Logins logins;
    private final Strangers strangers;
    private final Claims claims;
    private final Approach approach;
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
        this.approach = new Approach(survey, controls, logins, claims);
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
                attempts.add(new Attempt(Action.TERMINATE, finding.connection().id(), by, finding));
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
            Result failed = approach.trouble(newest.connection(), trouble);
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
                    ? approach.make(attempt, found)
                    : new Result(((NotFound) target).outcome(), reason((NotFound) target), Rung.NONE);
            return receipt(attempt, result);
        } catch (RuntimeException trouble) {
            return receipt(attempt, Result.failed("trouble of pgleash's own: " + trouble));
        }
    }

    private String reason(NotFound notFound) {
        return notFound.reason() + (notFound.unknownPid() == 0 ? "" : strangers.describe(notFound.unknownPid()));
    }

    private Receipt receipt(Attempt attempt, Result result) {
        Receipt receipt = attempt.end(result);
        receipts.accept(receipt);
        return receipt;
    }
}
