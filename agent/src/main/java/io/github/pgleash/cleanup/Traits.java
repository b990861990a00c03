// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.cleanup;

import io.github.pgleash.judge.Finding;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.rules.Exemption;
import io.github.pgleash.track.Borrow;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What speaks for leaving a backend alone: what it does, and for whom. */
final class Traits {
    private static final String[] MIGRATION_FRAMES = {"org.flywaydb.", "liquibase."};
    private static final String[] MIGRATION_TABLES = {
        "flyway_schema_history", "schema_version", "databasechangelog",
    };

    private Traits() {}

    static Set<Exemption> of(Finding finding) {
        Set<Exemption> traits = EnumSet.noneOf(Exemption.class);
        ActivityRow row = finding.row();
        String query = row == null ? null : row.query();
        String word = query == null ? "" : firstWord(query);
        if (word.equals("listen") || (row != null && row.listens())) {
            traits.add(Exemption.LISTEN);
        }
        if (word.equals("copy")) {
            traits.add(Exemption.COPY);
        }
        if (row != null && row.holdsAdvisoryLock()) {
            traits.add(Exemption.ADVISORY);
        }
        if (finding.connection().isXa()) {
            traits.add(Exemption.XA);
        }
        if (migrates(finding.borrow(), query)) {
            traits.add(Exemption.MIGRATION);
        }
        return traits;
    }

    private static boolean migrates(@Nullable Borrow borrow, @Nullable String query) {
        if (borrow != null) {
            Thread owner = borrow.owner();
            if (isMigration(borrow.stack()) || (owner != null && isMigration(List.of(owner.getStackTrace())))) {
                return true;
            }
        }
        String text = query == null ? "" : query.toLowerCase(Locale.ROOT);
        for (String table : MIGRATION_TABLES) {
            if (text.contains(table)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMigration(List<StackTraceElement> stack) {
        for (StackTraceElement frame : stack) {
            for (String prefix : MIGRATION_FRAMES) {
                if (frame.getClassName().startsWith(prefix)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Behind white space and comments, which tools put in front; in lower case. */
    static String firstWord(String query) {
        int at = 0;
        while (at < query.length()) {
            if (Character.isWhitespace(query.charAt(at))) {
                at++;
            } else if (query.startsWith("--", at)) {
                int end = query.indexOf('\n', at);
                at = end < 0 ? query.length() : end + 1;
            } else if (query.startsWith("/*", at)) {
                at = endOfComment(query, at);
            } else {
                break;
            }
        }
        int end = at;
        while (end < query.length() && Character.isLetter(query.charAt(end))) {
            end++;
        }
        return query.substring(at, end).toLowerCase(Locale.ROOT);
    }

    /** Comments nest in PostgreSQL. */
    private static int endOfComment(String query, int from) {
        int depth = 0;
        int at = from;
        while (at < query.length()) {
            if (query.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (query.startsWith("*/", at)) {
                depth--;
                at += 2;
                if (depth == 0) {
                    return at;
                }
            } else {
                at++;
            }
        }
        return at;
    }
}
