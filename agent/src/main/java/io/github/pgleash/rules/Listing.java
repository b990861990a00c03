// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import io.github.pgleash.judge.Verdict;
import io.github.pgleash.judge.Verdict.Confidence;
import io.github.pgleash.judge.Verdict.Kind;
import io.github.pgleash.options.DurationText;
import io.github.pgleash.rules.Planner.Case;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The backends that rules see, as text that can be saved and replayed against a rule file: a block of {@code key=value}
 * lines for each, an empty line between two, {@code #} for comments. Times are in milliseconds.
 */
public final class Listing {
    private static final String BACKEND = "backend";
    private static final String VERDICT = "verdict";
    private static final String CONFIDENCE = "confidence";
    private static final String EVIDENCE = "evidence";
    private static final String STOOD = "stood";
    private static final String EXEMPT = "exempt";
    private static final String LENDER = "lender";
    private static final String LENT = "lent";
    private static final Set<String> OTHER_KEYS =
            Set.of(BACKEND, VERDICT, CONFIDENCE, EVIDENCE, STOOD, EXEMPT, LENDER, LENT);

    private Listing() {}

    public static String write(List<Case> cases) {
        StringBuilder text = new StringBuilder();
        cases.forEach(one -> write(one, text));
        return text.toString();
    }

    private static void write(Case one, StringBuilder text) {
        Candidate candidate = one.candidate();
        Map<String, @Nullable String> lines = new LinkedHashMap<>();
        lines.put(BACKEND, candidate.backend());
        lines.put(VERDICT, PlanText.name(candidate.verdict().kind()));
        lines.put(CONFIDENCE, PlanText.name(candidate.verdict().confidence()));
        lines.put(EVIDENCE, candidate.verdict().evidence());
        lines.put(STOOD, millis(one.standing().stood()));
        for (Column column : Column.values()) {
            lines.put(column.key(), candidate.text(column));
        }
        for (Age age : Age.values()) {
            Duration known = candidate.age(age);
            lines.put(age.key(), known == null ? null : millis(known));
        }
        lines.put(
                EXEMPT,
                candidate.exemptions().isEmpty()
                        ? null
                        : String.join(
                                ",",
                                candidate.exemptions().stream()
                                        .map(Exemption::key)
                                        .sorted()
                                        .toList()));
        lines.put(LENDER, candidate.lender());
        lines.put(LENT, Integer.toString(candidate.lent()));
        lines.forEach((key, value) -> {
            if (value != null) {
                text.append(key).append('=').append(value).append('\n');
            }
        });
        text.append('\n');
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + "ms";
    }

    /** Reads what {@link #write} wrote, perhaps with changes by hand. */
    public static List<Case> read(String text) throws RuleSyntax {
        List<Case> cases = new ArrayList<>();
        Map<String, String> block = new HashMap<>();
        int number = 0;
        for (String line : (text + "\n\n").lines().toList()) {
            number++;
            String plain = line.strip();
            if (plain.isEmpty()) {
                add(block, number, cases);
            } else if (plain.charAt(0) != '#') {
                put(plain, number, block);
            }
        }
        add(block, number, cases);
        return cases;
    }

    private static void put(String line, int number, Map<String, String> block) throws RuleSyntax {
        int equals = line.indexOf('=');
        String key = equals < 0 ? line : line.substring(0, equals).strip();
        boolean known = OTHER_KEYS.contains(key) || Column.named(key) != null || Age.named(key) != null;
        if (equals < 0 || !known) {
            throw new RuleSyntax(number, "a listing has lines key=value, and not this one");
        }
        if (block.put(key, line.substring(equals + 1).strip()) != null) {
            throw new RuleSyntax(number, key + " is there twice; an empty line stands between two backends");
        }
    }

    /** @param number of the line behind the block */
    private static void add(Map<String, String> block, int number, List<Case> cases) throws RuleSyntax {
        if (block.isEmpty()) {
            return;
        }
        try {
            cases.add(read(block, cases.size() + 1));
        } catch (IllegalArgumentException wrong) {
            throw new RuleSyntax(number, "the backend that ends here: " + wrong.getMessage());
        }
        block.clear();
    }

    private static Case read(Map<String, String> block, int number) {
        Kind kind = value(Kind.values(), block.getOrDefault(VERDICT, ""));
        Confidence confidence = value(Confidence.values(), block.getOrDefault(CONFIDENCE, "certain"));
        Map<Column, String> texts = new EnumMap<>(Column.class);
        for (Column column : Column.values()) {
            String text = block.get(column.key());
            if (text != null) {
                texts.put(column, text);
            }
        }
        Map<Age, Duration> ages = new EnumMap<>(Age.class);
        for (Age age : Age.values()) {
            String text = block.get(age.key());
            if (text != null) {
                ages.put(age, DurationText.parse(text));
            }
        }
        Candidate candidate = new Candidate(
                block.getOrDefault(BACKEND, "backend " + number),
                new Key(number, number, kind),
                new Verdict(kind, confidence, block.getOrDefault(EVIDENCE, "is " + PlanText.name(kind))),
                texts,
                ages,
                exemptions(block.getOrDefault(EXEMPT, "")),
                block.getOrDefault(LENDER, texts.getOrDefault(Column.POOL, "")),
                Integer.parseInt(block.getOrDefault(LENT, "1")));
        return new Case(candidate, new Standing(DurationText.parse(block.getOrDefault(STOOD, "0")), null, null));
    }

    private static Set<Exemption> exemptions(String text) {
        Set<Exemption> exemptions = EnumSet.noneOf(Exemption.class);
        for (String key : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            Exemption exemption = Exemption.named(key.strip());
            if (exemption == null) {
                throw new IllegalArgumentException("there is no exemption " + key);
            }
            exemptions.add(exemption);
        }
        return exemptions;
    }

    private static <E extends Enum<E>> E value(E[] values, String text) {
        for (E value : values) {
            if (PlanText.name(value).equals(text)) {
                return value;
            }
        }
        throw new IllegalArgumentException("\"" + text + "\" is no verdict or confidence");
    }
}
