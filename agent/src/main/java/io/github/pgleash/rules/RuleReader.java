// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a rule file: {@code rule.NAME.key = value} on each line, {@code #} for comments. A backslash is a backslash, so
 * that expressions stand there as they are. One error and the whole file is refused: half of what somebody meant may be
 * the dangerous half.
 */
public final class RuleReader {
    private static final String PREFIX = "rule.";
    private static final int MOST_RULES = 100;

    private final Map<String, RuleDraft> drafts = new LinkedHashMap<>();
    private final Duration after;

    private RuleReader(Duration after) {
        this.after = after;
    }

    /**
     * @param after for rules that do not say how long a verdict must have stood
     * @return the rules in the order in which they begin
     */
    public static List<Rule> read(String text, Duration after) throws RuleSyntax {
        RuleReader reader = new RuleReader(after);
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String plain = (number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line).strip();
            if (!plain.isEmpty() && plain.charAt(0) != '#' && plain.charAt(0) != '!') {
                reader.line(number, plain);
            }
        }
        return reader.rules();
    }

    private List<Rule> rules() throws RuleSyntax {
        if (drafts.size() > MOST_RULES) {
            throw new RuleSyntax(1, "more than " + MOST_RULES + " rules");
        }
        List<Rule> rules = new ArrayList<>();
        for (RuleDraft draft : drafts.values()) {
            rules.add(draft.rule());
        }
        return rules;
    }

    private void line(int number, String line) throws RuleSyntax {
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw new RuleSyntax(number, "not rule.NAME.key = value");
        }
        String key = line.substring(0, equals).strip();
        int dot = key.indexOf('.', PREFIX.length());
        if (!key.startsWith(PREFIX) || dot < 0) {
            throw new RuleSyntax(number, "not rule.NAME.key = value");
        }
        String name = key.substring(PREFIX.length(), dot);
        if (!isName(name)) {
            throw new RuleSyntax(number, "a rule's name is made of letters, digits, - and _, at most 40 of them");
        }
        if (name.equals(Rule.BUILT_IN)) {
            throw new RuleSyntax(
                    number, "\"" + Rule.BUILT_IN + "\" is the rule of the options action and action.after");
        }
        drafts.computeIfAbsent(name, first -> new RuleDraft(first, after))
                .set(number, key.substring(dot + 1), line.substring(equals + 1).strip());
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= 40
                && name.chars().allMatch(c -> (c < 128 && Character.isLetterOrDigit(c)) || c == '-' || c == '_');
    }
}
