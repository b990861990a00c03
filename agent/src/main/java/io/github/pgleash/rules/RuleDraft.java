// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import io.github.pgleash.judge.Verdict.Confidence;
import io.github.pgleash.judge.Verdict.Kind;
import io.github.pgleash.options.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** A rule while its lines are read. */
final class RuleDraft {
    private static final int LONGEST_EXPRESSION = 1_000;
    private static final List<String> OWN_KEYS =
            List.of("action", "after", "escalate", "victims", "confidence", "include", "match.…", "ignore.…");
    private static final Set<Kind> BAD = EnumSet.complementOf(EnumSet.of(Kind.HEALTHY));

    private final String name;
    private final Set<String> seen = new HashSet<>();
    private final List<Condition> match = new ArrayList<>();
    private final List<Condition> ignore = new ArrayList<>();
    private Confidence confidence = Confidence.CERTAIN;
    private Set<Exemption> include = Set.of();
    private Victims victims = Victims.OLDEST;
    private Measure measure = Measure.REPORT;
    private Duration after;
    private Duration escalate = Duration.ZERO;
    private int escalateLine;

    RuleDraft(String name, Duration after) {
        this.name = name;
        this.after = after;
    }

    Rule rule() throws RuleSyntax {
        if (!escalate.isZero() && measure != Measure.CANCEL) {
            throw new RuleSyntax(escalateLine, "rule." + name + ".escalate needs rule." + name + ".action = cancel");
        }
        return new Rule(name, match, ignore, confidence, include, victims, measure, after, escalate);
    }

    void set(int line, String key, String value) throws RuleSyntax {
        if (!seen.add(key)) {
            throw new RuleSyntax(line, "rule." + name + "." + key + " is there twice");
        }
        try {
            if (key.startsWith("match.")) {
                match.add(condition(key.substring("match.".length()), value));
            } else if (key.startsWith("ignore.")) {
                ignore.add(condition(key.substring("ignore.".length()), value));
            } else {
                escalateLine = key.equals("escalate") ? line : escalateLine;
                setOwn(key, value);
            }
        } catch (IllegalArgumentException wrong) {
            throw new RuleSyntax(line, "rule." + name + "." + key + ": " + wrong.getMessage());
        }
    }

    private void setOwn(String key, String value) {
        switch (key) {
            case "action" -> measure = choice(value, Measure.values());
            case "after" -> after = DurationText.parse(value);
            case "escalate" -> escalate = DurationText.parse(value);
            case "victims" -> victims = choice(value, Victims.values());
            case "confidence" -> confidence = choice(value, Confidence.values());
            case "include" -> include = exemptions(value);
            default -> throw new IllegalArgumentException("no such key; there are " + String.join(", ", OWN_KEYS));
        }
    }

    private static Condition condition(String what, String value) {
        if (what.equals("verdict")) {
            Set<Kind> kinds = EnumSet.noneOf(Kind.class);
            for (String kind : values(value)) {
                kinds.add(choice(kind, BAD.toArray(new Kind[0])));
            }
            return new Condition.VerdictIs(kinds);
        }
        @Nullable Age age = Age.named(what);
        if (age != null) {
            return new Condition.AtLeast(age, DurationText.parse(value));
        }
        @Nullable Column column = Column.named(what);
        if (column != null) {
            return new Condition.TextHas(column, expression(value));
        }
        throw new IllegalArgumentException("nothing is matched by that name; there are " + names());
    }

    private static Pattern expression(String value) {
        if (value.isEmpty() || value.length() > LONGEST_EXPRESSION) {
            throw new IllegalArgumentException("write an expression of 1 to " + LONGEST_EXPRESSION + " characters");
        }
        try {
            return Pattern.compile(value);
        } catch (PatternSyntaxException wrong) {
            throw new IllegalArgumentException(
                    "not a regular expression: " + wrong.getDescription() + " near index " + wrong.getIndex(), wrong);
        } catch (StackOverflowError deep) {
            throw new IllegalArgumentException("not a regular expression that can be used: it is nested too deeply");
        }
    }

    private static Set<Exemption> exemptions(String value) {
        Set<Exemption> exemptions = EnumSet.noneOf(Exemption.class);
        for (String text : values(value)) {
            @Nullable Exemption exemption = Exemption.named(text);
            if (exemption == null) {
                throw new IllegalArgumentException("write some of listen, advisory, xa, copy, migration");
            }
            exemptions.add(exemption);
        }
        return exemptions;
    }

    private static List<String> values(String value) {
        List<String> values = new ArrayList<>();
        for (String part : value.split(",", -1)) {
            values.add(part.strip());
        }
        return values;
    }

    private static <E extends Enum<E>> E choice(String text, E[] choices) {
        List<String> names = new ArrayList<>();
        for (E choice : choices) {
            String choiceText = choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (choiceText.equals(text)) {
                return choice;
            }
            names.add(choiceText);
        }
        throw new IllegalArgumentException("write one of " + String.join(", ", names));
    }

    private static String names() {
        List<String> names = new ArrayList<>(List.of("verdict"));
        for (Column column : Column.values()) {
            names.add(column.key());
        }
        for (Age age : Age.values()) {
            names.add(age.key());
        }
        return String.join(", ", names);
    }
}
