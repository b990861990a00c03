// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import io.github.pgleash.judge.Ages;
import io.github.pgleash.rules.Decision.Fate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides what is done with each backend in one patrol: the first rule that takes it decides about it, exemptions and
 * limits spare it. A preview, a replay and the patrol all come from here.
 */
public final class Planner {
    /** What did not help is not tried again at once, whatever the rule says. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(1);

    private final List<Rule> rules;
    private final Map<String, Integer> actedOn = new HashMap<>();
    private int budget;

    private Planner(List<Rule> rules, int budget) {
        this.rules = rules;
        this.budget = budget;
    }

    /** A backend, and how long its verdict has stood. */
    public record Case(Candidate candidate, Standing standing) {}

    /**
     * The plan, rule by rule, oldest backend first.
     *
     * @param rules in order
     * @param budget how many actions are left
     */
    public static List<Decision> plan(List<Rule> rules, List<Case> cases, int budget) {
        return new Planner(rules, budget).plan(cases);
    }

    private List<Decision> plan(List<Case> cases) {
        List<Decision> decisions = new ArrayList<>();
        Map<Rule, List<Case>> taken = new LinkedHashMap<>();
        rules.forEach(rule -> taken.put(rule, new ArrayList<>()));
        List<Case> oldestFirst = cases.stream()
                .sorted(Comparator.comparing((Case one) -> one.candidate().oldness())
                        .reversed())
                .toList();
        for (Case one : oldestFirst) {
            assign(one, taken, decisions);
        }
        taken.forEach((rule, its) -> decide(rule, its, decisions));
        return decisions;
    }

    private void assign(Case one, Map<Rule, List<Case>> taken, List<Decision> decisions) {
        for (Map.Entry<Rule, List<Case>> entry : taken.entrySet()) {
            try {
                if (entry.getKey().takes(one.candidate())) {
                    entry.getValue().add(one);
                    return;
                }
            } catch (TooSlow unknown) {
                // Nobody knows whether it was meant, or meant to be ignored.
                decisions.add(decision(one, entry.getKey(), Fate.SPARE, "is left alone: " + unknown.getMessage()));
                return;
            }
        }
        decisions.add(new Decision(one.candidate(), one.standing(), "", Fate.SPARE, "is matched by no rule"));
    }

    private void decide(Rule rule, List<Case> its, List<Decision> decisions) {
        List<Case> eligible = new ArrayList<>();
        for (Case one : its) {
            String objection = objection(rule, one);
            if (objection.isEmpty()) {
                eligible.add(one);
            } else {
                decisions.add(decision(one, rule, Fate.SPARE, objection));
            }
        }
        for (int i = 0; i < eligible.size(); i++) {
            Case one = eligible.get(i);
            boolean oldest = i == 0;
            if (rule.victims() == Victims.OLDEST && !oldest) {
                decisions.add(decision(one, rule, Fate.SPARE, "is not the oldest that the rule matches"));
            } else if (rule.victims() == Victims.ALL_BUT_OLDEST && oldest) {
                decisions.add(decision(one, rule, Fate.SPARE, "is the oldest that the rule matches"));
            } else {
                decisions.add(victim(rule, one));
            }
        }
    }

    /** Why a rule may not act on a backend that it took before; empty when it may. */
    public static String objection(Rule rule, Candidate candidate) {
        try {
            return rule.takes(candidate)
                    ? objection(rule, new Case(candidate, Standing.NEW))
                    : "is not matched by the rule any more";
        } catch (TooSlow unknown) {
            return "is left alone: " + unknown.getMessage();
        }
    }

    /** Why a rule that takes it may not act on it at all; empty when it may. */
    private static String objection(Rule rule, Case one) {
        Candidate candidate = one.candidate();
        if (!candidate.isBorrowed()) {
            return "is borrowed by nobody, as far as is known";
        }
        for (Exemption exemption : Exemption.values()) {
            if (candidate.exemptions().contains(exemption) && !rule.include().contains(exemption)) {
                return "is exempt, since " + exemption.reason() + "; include = " + exemption.key() + " would allow it";
            }
        }
        if (candidate.verdict().confidence().compareTo(rule.confidence()) < 0) {
            return "is only probably so; confidence = probable would allow it";
        }
        Duration tried = one.standing().tried();
        if (tried != null && one.standing().stood().minus(tried).compareTo(pause(rule)) < 0) {
            return "was acted upon "
                    + Ages.text(one.standing().stood().minus(tried))
                    + " ago, and is still there; it is not tried again before "
                    + Ages.text(pause(rule)) + " have passed";
        }
        return "";
    }

    private static Duration pause(Rule rule) {
        return rule.after().compareTo(SHORTEST_PAUSE) > 0 ? rule.after() : SHORTEST_PAUSE;
    }

    private Decision victim(Rule rule, Case one) {
        if (rule.measure() == Measure.REPORT) {
            return decision(one, rule, Fate.REPORT, "is told of, and no more");
        }
        Duration stood = one.standing().stood();
        if (stood.compareTo(rule.after()) < 0) {
            return decision(
                    one,
                    rule,
                    Fate.WAIT,
                    "has been so for " + Ages.text(stood) + ", and must be for " + Ages.text(rule.after()));
        }
        return rule.measure() == Measure.TERMINATE ? limited(one, rule, Fate.TERMINATE) : cancelOrMore(rule, one);
    }

    private Decision cancelOrMore(Rule rule, Case one) {
        Standing standing = one.standing();
        boolean active = one.candidate().isActive();
        boolean escalates = !rule.escalate().isZero();
        Duration cancelled = standing.cancelled();
        if (active && (cancelled == null || !escalates)) {
            return limited(one, rule, Fate.CANCEL);
        }
        if (!escalates) {
            return decision(one, rule, Fate.SPARE, "runs no statement that could be cancelled");
        }
        Duration due = (cancelled == null ? rule.after() : cancelled).plus(rule.escalate());
        return standing.stood().compareTo(due) >= 0
                ? limited(one, rule, Fate.TERMINATE)
                : decision(
                        one,
                        rule,
                        Fate.WAIT,
                        (active ? "was cancelled" : "runs no statement that could be cancelled")
                                + ", and will be terminated in " + Ages.text(due.minus(standing.stood())));
    }

    /** Half of what its pool has lent is the most in one patrol, and at least one; and so much as the budget has left. */
    private Decision limited(Case one, Rule rule, Fate fate) {
        Candidate candidate = one.candidate();
        int most = Math.max(1, candidate.lent() / 2);
        int before = actedOn.getOrDefault(candidate.lender(), 0);
        if (before >= most) {
            return decision(
                    one,
                    rule,
                    Fate.SPARE,
                    "is beyond half of its pool: " + most + " of the " + candidate.lent()
                            + " that it has lent is the most in one patrol");
        }
        if (budget <= 0) {
            return decision(one, rule, Fate.SPARE, "is beyond the budget, action.max");
        }
        budget--;
        actedOn.put(candidate.lender(), before + 1);
        return decision(one, rule, fate, "");
    }

    private static Decision decision(Case one, Rule rule, Fate fate, String why) {
        return new Decision(one.candidate(), one.standing(), rule.name(), fate, why);
    }
}
