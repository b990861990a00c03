// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import io.github.pgleash.judge.Ages;
import io.github.pgleash.judge.Verdict.Confidence;
import io.github.pgleash.rules.Decision.Fate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A plan as people read it: each rule, and what it would do now. */
public final class PlanText {
    private final StringBuilder text = new StringBuilder();

    private PlanText() {}

    /** @param rules those in force, in order */
    public static String of(List<Rule> rules, List<Decision> decisions) {
        PlanText plan = new PlanText();
        for (Rule rule : rules) {
            plan.rule(rule, decisionsOf(rule.name(), decisions));
        }
        List<Decision> unmatched = decisionsOf("", decisions);
        if (!unmatched.isEmpty()) {
            plan.text.append("no rule\n");
            unmatched.forEach(plan::decision);
        }
        return plan.text.toString();
    }

    private static List<Decision> decisionsOf(String rule, List<Decision> decisions) {
        return decisions.stream()
                .filter(decision -> decision.rule().equals(rule))
                .toList();
    }

    private void rule(Rule rule, List<Decision> its) {
        text.append("rule ").append(rule.name()).append(": ").append(name(rule.measure()));
        if (rule.measure() != Measure.REPORT) {
            text.append(", victims ").append(name(rule.victims()));
            text.append(", after ").append(Ages.text(rule.after()));
            if (!rule.escalate().isZero()) {
                text.append(", terminate ").append(Ages.text(rule.escalate())).append(" later");
            }
        }
        text.append("; matches ").append(its.size()).append('\n');
        its.forEach(this::decision);
    }

    private void decision(Decision decision) {
        Candidate candidate = decision.candidate();
        text.append("  ")
                .append(headline(decision))
                .append(' ')
                .append(candidate.backend())
                .append('\n');
        if (!decision.why().isEmpty()) {
            line("it " + decision.why());
        }
        line(verdict(candidate) + " for " + Ages.text(decision.standing().stood()) + ": it "
                + candidate.verdict().evidence());
        line(place(candidate));
    }

    /** What would be done with it, in capitals where that is something. */
    private static String headline(Decision decision) {
        return switch (decision.fate()) {
            case CANCEL -> "CANCEL";
            case TERMINATE -> "TERMINATE";
            case REPORT -> "report";
            case WAIT -> "wait for";
            case SPARE -> "spare";
        };
    }

    private static String verdict(Candidate candidate) {
        String kind = name(candidate.verdict().kind());
        return candidate.verdict().confidence() == Confidence.CERTAIN ? kind : "probably " + kind;
    }

    private static String place(Candidate candidate) {
        return or(candidate.text(Column.POOL), "no pool") + ", "
                + or(candidate.text(Column.BORROWED_FROM), "borrowed at an unknown place");
    }

    private static String or(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }

    private void line(String line) {
        text.append("    ").append(line).append('\n');
    }

    static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** In one sentence: how many would be acted upon. */
    public static String summary(List<Decision> decisions) {
        long cancel =
                decisions.stream().filter(one -> one.fate() == Fate.CANCEL).count();
        long terminate =
                decisions.stream().filter(one -> one.fate() == Fate.TERMINATE).count();
        return decisions.isEmpty()
                ? "no backend is leaked or stuck"
                : decisions.size() + " backends are leaked or stuck: " + cancel + " would be cancelled and " + terminate
                        + " terminated now";
    }
}
