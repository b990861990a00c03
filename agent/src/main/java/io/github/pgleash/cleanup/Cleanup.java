// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.cleanup;

import io.github.pgleash.act.Actions;
import io.github.pgleash.act.Problems;
import io.github.pgleash.act.Receipt;
import io.github.pgleash.act.Survey;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Verdict.Kind;
import io.github.pgleash.rules.Age;
import io.github.pgleash.rules.Breaker;
import io.github.pgleash.rules.Budget;
import io.github.pgleash.rules.Candidate;
import io.github.pgleash.rules.Column;
import io.github.pgleash.rules.Decision;
import io.github.pgleash.rules.Decision.Fate;
import io.github.pgleash.rules.Listing;
import io.github.pgleash.rules.PlanText;
import io.github.pgleash.rules.Planner;
import io.github.pgleash.rules.Planner.Case;
import io.github.pgleash.rules.Rule;
import io.github.pgleash.rules.Standings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Does after each look what the rules say, one backend after the other, and stops at once when it is switched off or
 * does no good. The patrol acts; JMX threads ask for a preview and switch. What both touch is guarded by this object,
 * never while a server is waited for.
 */
public final class Cleanup {
    private static final String SUBJECT = "automatic clean-up";

    private final RuleBook book;
    private final Candidates candidates;
    private final Survey survey;
    private final Actions actions;
    private final Limits limits;
    private final Reports reports;
    private final Function<Supplier<Receipt>, Receipt> ownThread;
    private final LongSupplier nanoTime;
    private volatile boolean on = true;

    /**
     * What holds it back.
     *
     * @param longestGap between two looks, for a verdict to have stood meanwhile
     */
    public record Limits(Standings standings, Budget budget, Breaker breaker, Duration longestGap) {
        public Limits(Budget budget, Duration longestGap) {
            this(new Standings(longestGap), budget, new Breaker(), longestGap);
        }
    }

    /** @param alarm is told when it has stopped itself */
    public record Reports(Problems problems, Logger log, Consumer<String> alarm) {}

    /** @param ownThread runs what calls drivers and pools, which may leave things in their thread */
    public Cleanup(
            RuleBook book,
            Candidates candidates,
            Survey survey,
            Actions actions,
            Limits limits,
            Reports reports,
            Function<Supplier<Receipt>, Receipt> ownThread,
            LongSupplier nanoTime) {
        this.book = book;
        this.candidates = candidates;
        this.survey = survey;
        this.actions = actions;
        this.limits = limits;
        this.reports = reports;
        this.ownThread = ownThread;
        this.nanoTime = nanoTime;
    }

    /**
     * One round.
     *
     * @param findings of a look that was just taken; empty where there was no reason for one
     * @param exhausted whether a borrow has timed out since the last round
     */
    public void round(List<Finding> findings, boolean exhausted) {
        book.refresh(nanoTime.getAsLong());
        List<Rule> rules = book.rules();
        Map<Candidate, Finding> judged =
                candidates.of(findings.stream().filter(survey::wasAnswered).toList());
        List<Decision> plan;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            limits.standings()
                    .round(judged.keySet().stream().map(Candidate::key).toList(), now);
            plan = plan(rules, judged, now);
        }
        boolean freed = false;
        long last = nanoTime.getAsLong();
        for (Decision decision : plan) {
            boolean paused = nanoTime.getAsLong() - last > limits.longestGap().toNanos();
            if (!on || paused) {
                break;
            }
            if (decision.fate().isAction()) {
                freed |= act(decision, rule(rules, decision), Objects.requireNonNull(judged.get(decision.candidate())));
            }
            last = nanoTime.getAsLong();
        }
        synchronized (this) {
            stopIf(limits.breaker().round(freed, exhausted));
        }
    }

    private static Rule rule(List<Rule> rules, Decision decision) {
        return rules.stream()
                .filter(rule -> rule.name().equals(decision.rule()))
                .findFirst()
                .orElseThrow();
    }

    private List<Decision> plan(List<Rule> rules, Map<Candidate, Finding> judged, long now) {
        return Planner.plan(rules, cases(judged, now), limits.budget().left(now));
    }

    private List<Case> cases(Map<Candidate, Finding> judged, long now) {
        List<Case> cases = new ArrayList<>();
        judged.keySet()
                .forEach(one -> cases.add(new Case(one, limits.standings().of(one.key(), now))));
        return cases;
    }

    /** Whether a slot was freed. */
    private boolean act(Decision decision, Rule rule, Finding judged) {
        Candidate candidate = decision.candidate();
        boolean terminates = decision.fate() == Fate.TERMINATE;
        @Nullable
        String frame =
                candidate.verdict().kind() == Kind.LEAKED && terminates ? candidate.text(Column.BORROWED_FROM) : null;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            Duration borrowAge = candidate.age(Age.BORROW);
            if (frame != null
                    && borrowAge != null
                    && stopIf(limits.breaker().leaked(frame, now - borrowAge.toNanos()))) {
                return false;
            }
            limits.budget().spend(now);
            note(candidate, rule, terminates);
        }
        Receipt receipt = ownThread.apply(() -> actions.carryOut(
                terminates ? Receipt.Action.TERMINATE : Receipt.Action.CANCEL,
                judged,
                "rule " + rule.name(),
                now -> objection(rule, judged, now)));
        synchronized (this) {
            if (frame != null && receipt.slotFreed()) {
                limits.breaker().takenBack(frame, nanoTime.getAsLong());
            }
            stopIf(limits.breaker().ended(hasHelped(receipt), receipt.outcome() + ", " + receipt.reason()));
        }
        return receipt.slotFreed();
    }

    private void note(Candidate candidate, Rule rule, boolean terminates) {
        if (!terminates) {
            limits.standings().cancelled(candidate.key());
        }
        if (terminates || rule.escalate().isZero()) {
            limits.standings().tried(candidate.key());
        }
    }

    /** Null where it was spared: that is no failure. */
    private static @Nullable Boolean hasHelped(Receipt receipt) {
        return switch (receipt.outcome()) {
            case GONE, CANCELLED -> true;
            case ALREADY_GONE -> receipt.slotFreed() ? Boolean.TRUE : null;
            case REFUSED, DRY_RUN -> null;
            case STILL_THERE, DENIED, FAILED -> false;
        };
    }

    /** Why the backend is not to be acted upon any more, as it was just read once more; empty when it is. */
    private String objection(Rule rule, Finding judged, Finding now) {
        if (!on) {
            return "automatic actions were switched off";
        }
        boolean sameBorrow = judged.borrow() != null
                && now.borrow() != null
                && judged.borrow().number() == now.borrow().number();
        if (!sameBorrow) {
            return "it was returned to its pool since it was judged";
        }
        boolean sameState = judged.row() != null
                && now.row() != null
                && Objects.equals(judged.row().stateChange(), now.row().stateChange());
        if (!sameState) {
            return "it went on to something else since it was judged";
        }
        if (now.verdict().kind() != judged.verdict().kind()) {
            return "its verdict is another one by now";
        }
        String objection = Planner.objection(rule, candidates.of(now));
        return objection.isEmpty() ? "" : "it " + objection;
    }

    private boolean stopIf(@Nullable String reason) {
        if (reason == null || !on) {
            return reason != null;
        }
        on = false;
        String text = "has stopped itself: " + reason
                + "; look into it, then set AutomaticActions to false and to true again";
        reports.problems().add(SUBJECT, text);
        reports.alarm().accept(SUBJECT + " " + text);
        return true;
    }

    /** Whether it may act. */
    public boolean isOn() {
        return on;
    }

    /**
     * Switches it: off works at once, also between two backends of one round.
     *
     * @param by who wants it
     */
    public void turn(boolean wanted, String by) {
        if (!wanted) {
            on = false;
        }
        synchronized (this) {
            if (wanted) {
                limits.breaker().reset();
                reports.problems().solved(SUBJECT);
                on = true;
            }
        }
        reports.log().info("automatic clean-up was switched {} by {}", wanted ? "on" : "off", by);
    }

    /** Looks, and says what each rule would do now. Does nothing. */
    public String preview() {
        survey.look();
        List<Rule> rules = book.rules();
        Map<Candidate, Finding> judged = judgedNow();
        List<Decision> plan;
        int left;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            left = limits.budget().left(now);
            plan = plan(rules, judged, now);
        }
        return (on ? "automatic actions are on" : "automatic actions are OFF: nothing of this is done") + "\n"
                + book.describe() + "\n"
                + "budget: " + limits.budget() + ", of which " + left + " are left\n"
                + PlanText.summary(plan) + "\n\n" + PlanText.of(rules, plan);
    }

    /** Looks, and says what rules see, to be saved and replayed against a rule file. */
    public String listing() {
        survey.look();
        Map<Candidate, Finding> judged = judgedNow();
        synchronized (this) {
            return "# what the rules of pgleash see; save it, then: java -jar pgleash.jar --test-rules RULES LISTING\n"
                    + Listing.write(cases(judged, nanoTime.getAsLong()));
        }
    }

    private Map<Candidate, Finding> judgedNow() {
        return candidates.of(
                survey.findings().stream().filter(survey::wasAnswered).toList());
    }
}
