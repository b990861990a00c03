// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.cleanup;

import io.github.pgleash.act.Problems;
import io.github.pgleash.rules.Measure;
import io.github.pgleash.rules.Rule;
import io.github.pgleash.rules.RuleReader;
import io.github.pgleash.rules.RuleSyntax;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The rules in force: those of the rule file, if there is one, and behind them the one that the options make. A file
 * with an error is refused as a whole and the last good one stays. Before there was a good one, all rules only report:
 * the options' rule may be what the file was to narrow down. Refreshed by the patrol, read by JMX threads too.
 */
public final class RuleBook {
    private static final String SUBJECT = "rules";

    private final @Nullable RuleFile file;
    private final Rule builtIn;
    private final Problems problems;
    private final Logger log;
    private volatile Edition edition;

    /** @param trouble why the file as it is now is not in force; empty when it is, or there is none */
    private record Edition(List<Rule> rules, String trouble) {}

    /** @param file null is no rules but the options' */
    public RuleBook(@Nullable Path file, Measure measure, Duration after, Problems problems, Logger log) {
        this.file = file == null ? null : new RuleFile(file);
        this.builtIn = Rule.builtIn(measure, after);
        this.problems = problems;
        this.log = log;
        this.edition =
                file == null ? new Edition(List.of(builtIn), "") : new Edition(onlyReport(), "it was not read yet");
    }

    private List<Rule> onlyReport() {
        return List.of(Rule.builtIn(Measure.REPORT, builtIn.after()));
    }

    /** Takes up a change of the file. */
    void refresh(long nowNanos) {
        RuleFile.Content content = file == null ? null : file.changed(nowNanos);
        if (content == null) {
            return;
        }
        String text = content.text();
        try {
            if (text == null) {
                refuse(content.trouble());
            } else {
                accept(RuleReader.read(text, builtIn.after()));
            }
        } catch (RuleSyntax wrong) {
            refuse(String.valueOf(wrong.getMessage()));
        }
    }

    private void accept(List<Rule> rules) {
        List<Rule> all = new ArrayList<>(rules);
        all.add(builtIn);
        edition = new Edition(List.copyOf(all), "");
        problems.solved(SUBJECT);
        log.info("rules in force: {}", names(all));
    }

    private void refuse(String reason) {
        boolean nothingBefore = !edition.trouble().isEmpty() && edition.rules().equals(onlyReport());
        edition = new Edition(edition.rules(), reason);
        problems.solved(SUBJECT);
        problems.add(
                SUBJECT,
                path() + " is refused as a whole: " + reason + "; "
                        + (nothingBefore
                                ? "until it is mended, no rule acts, nor does the option action"
                                : "the last good rules stay in force"));
    }

    /** In order; the options' last. */
    List<Rule> rules() {
        return edition.rules();
    }

    /** Where they come from, in a sentence. */
    String describe() {
        Edition now = edition;
        return "rules: " + names(now.rules()) + (file == null ? "" : ", from " + path())
                + (now.trouble().isEmpty() ? "" : "; the file as it is now is refused: " + now.trouble());
    }

    private String path() {
        return file == null ? "" : file.path().toString();
    }

    private static String names(List<Rule> rules) {
        return String.join(", ", rules.stream().map(Rule::name).toList());
    }
}
