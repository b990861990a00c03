// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.act.Receipt.Action;
import io.github.pgleash.act.Receipt.Rung;
import io.github.pgleash.act.Targets.Found;
import io.github.pgleash.act.Targets.NotFound;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.observe.ControlConnections;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Cancels and terminates: finds the backend that was meant, has it signalled and watched, and writes a receipt for
 * whatever came of it. Called by JMX threads.
 */
public final class Actions {
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final Targets targets;
    private final Survey survey;
    private final ControlConnections controls;
    private final Logins logins;
    private final Strangers strangers;
    private final Consumer<Receipt> receipts;

    /** @param receipts gets each receipt, also of what was refused */
    public Actions(
            Targets targets,
            Survey survey,
            ControlConnections controls,
            Logins logins,
            Strangers strangers,
            Consumer<Receipt> receipts) {
        this.targets = targets;
        this.survey = survey;
        this.controls = controls;
        this.logins = logins;
        this.strangers = strangers;
        this.receipts = receipts;
    }

    /**
     * Cancels the statement that one backend runs.
     *
     * @param backend an id as an operator gave it
     * @param by who asked
     */
    public Receipt cancel(@Nullable String backend, String by) {
        return act(Action.CANCEL, backend, by, null);
    }

    /** Ends one backend. */
    public Receipt terminate(@Nullable String backend, String by) {
        return act(Action.TERMINATE, backend, by, null);
    }

    /**
     * Looks afresh and ends every backend that fits. One that has moved on to another state meanwhile is spared.
     *
     * @param dryRun only say what would be done
     */
    public List<Receipt> terminateAll(Predicate<Finding> condition, String by, boolean dryRun) {
        survey.look();
        List<Receipt> all = new ArrayList<>();
        for (Finding finding : survey.findings()) {
            if (condition.test(finding)) {
                all.add(
                        dryRun
                                ? dryRun(finding, by)
                                : act(Action.TERMINATE, finding.connection().id(), by, finding.row()));
            }
        }
        return all;
    }

    /** What an operator's id leads to, by the last look; or why it leads nowhere. */
    public Lookup find(@Nullable String backend) {
        Targets.Target target = targets.find(backend);
        if (target instanceof NotFound notFound) {
            String more = notFound.unknownPid() == 0 ? "" : strangers.describe(notFound.unknownPid());
            return new Lookup(null, notFound.reason() + more);
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
            return finding == null ? reason : text.apply(finding);
        }
    }

    private Receipt dryRun(Finding finding, String by) {
        Attempt attempt = new Attempt(Action.TERMINATE, finding.connection().id(), by);
        attempt.evidence = Evidence.of(finding);
        return receipt(
                attempt, new Result(Outcome.DRY_RUN, "would be terminated; call again with dryRun=false", Rung.NONE));
    }

    /** @param judged the state for which it is acted upon; null when it does not matter */
    private Receipt act(Action action, @Nullable String backend, String by, @Nullable ActivityRow judged) {
        Attempt attempt = new Attempt(action, BackendId.kept(backend), by);
        try {
            return receipt(attempt, attempt(attempt, judged));
        } catch (RuntimeException trouble) {
            return receipt(attempt, Result.failed("trouble of pgleash's own: " + trouble));
        }
    }

    private Result attempt(Attempt attempt, @Nullable ActivityRow judged) {
        Targets.Target target = targets.find(attempt.backend);
        if (target instanceof NotFound notFound) {
            String more = notFound.unknownPid() == 0 ? "" : strangers.describe(notFound.unknownPid());
            return new Result(notFound.outcome(), notFound.reason() + more, Rung.NONE);
        }
        Found found = (Found) target;
        attempt.backend = found.connection().id();
        try {
            return controls.use(logins.of(found.connection().origin()), session -> {
                Engagement engagement = new Engagement(session, found.id(), found.connection());
                Result refusal = engagement.identify();
                attempt.backend = found.connection().id();
                attempt.evidence = engagement.evidence();
                if (refusal != null) {
                    return refusal;
                }
                return attempt.action == Action.CANCEL ? engagement.cancel() : engagement.terminate(judged);
            });
        } catch (SQLException trouble) {
            return INSUFFICIENT_PRIVILEGE.equals(trouble.getSQLState())
                    ? new Result(Outcome.DENIED, "the server did not allow it: " + Survey.text(trouble), Rung.SQL)
                    : Result.failed("the server could not be asked: " + Survey.text(trouble));
        }
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
                false,
                attempt.evidence);
        receipts.accept(receipt);
        return receipt;
    }

    /** What becomes the receipt, as far as it is known. */
    private static final class Attempt {
        private final Action action;
        private final String by;
        private final Instant time = Instant.now();
        private final long began = System.nanoTime();
        private String backend;
        private String evidence = "";

        Attempt(Action action, String backend, String by) {
            this.action = action;
            this.backend = backend;
            this.by = by;
        }
    }
}
