// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

/**
 * Replaces in a statement what could be a value by {@code ?}: string literals of every kind, numbers, and comments, which
 * tools fill with ids. One pass, after PostgreSQL's lexical rules with {@code standard_conforming_strings} on
 * (https://www.postgresql.org/docs/current/sql-syntax-lexical.html). A literal that the server has cut off is masked to
 * the end; so is one with a backslash before a quote, which may or may not be its end, as the session's setting has it.
 */
final class LiteralMask {
    private final String sql;
    private final StringBuilder masked;
    private int at;

    private LiteralMask(String sql) {
        this.sql = sql;
        this.masked = new StringBuilder(sql.length());
    }

    static String mask(String sql) {
        LiteralMask mask = new LiteralMask(sql);
        while (mask.at < sql.length()) {
            mask.step();
        }
        return mask.masked.toString();
    }

    private void step() {
        char c = sql.charAt(at);
        if (c == '\'') {
            literal(endOfString(at + 1, false));
        } else if (c == '"') {
            copy(endOfQuoted(at + 1, '"'));
        } else if (sql.startsWith("--", at)) {
            literal(endOfLine());
        } else if (sql.startsWith("/*", at)) {
            literal(endOfComment());
        } else if (c == '$') {
            dollar();
        } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            literal(endOfNumber());
        } else if (isIdentifierStart(c)) {
            word();
        } else {
            copy(at + 1);
        }
    }

    /** An identifier or keyword; or the prefix of a string, as in {@code E'\n'} and {@code U&'\0041'}. */
    private void word() {
        int end = at + 1;
        while (end < sql.length() && isIdentifierPart(sql.charAt(end))) {
            end++;
        }
        String word = sql.substring(at, end);
        boolean quoteFollows = end < sql.length() && sql.charAt(end) == '\'';
        if (quoteFollows && word.equalsIgnoreCase("E")) {
            literal(endOfString(end + 1, true));
        } else if (quoteFollows && word.length() == 1 && "bBxXnN".contains(word)) {
            literal(endOfString(end + 1, false));
        } else {
            copy(end);
        }
    }

    /** {@code $1} is a parameter, {@code $$..$$} and {@code $tag$..$tag$} are strings. */
    private void dollar() {
        int end = at + 1;
        while (end < sql.length() && isIdentifierPart(sql.charAt(end)) && sql.charAt(end) != '$') {
            end++;
        }
        boolean opens = end < sql.length() && sql.charAt(end) == '$' && !isDigit(peek(1));
        if (!opens) {
            copy(end);
            return;
        }
        String tag = sql.substring(at, end + 1);
        int close = sql.indexOf(tag, end + 1);
        literal(close < 0 ? sql.length() : close + tag.length());
    }

    private int endOfString(int from, boolean backslashEscapes) {
        int i = from;
        while (i < sql.length()) {
            char c = sql.charAt(i);
            if (c == '\\' && backslashEscapes) {
                i += 2;
            } else if (sql.startsWith("\\'", i)) {
                return sql.length();
            } else if (c != '\'') {
                i++;
            } else if (i + 1 < sql.length() && sql.charAt(i + 1) == '\'') {
                i += 2;
            } else {
                return i + 1;
            }
        }
        return sql.length();
    }

    private int endOfQuoted(int from, char quote) {
        int end = sql.indexOf(quote, from);
        return end < 0 ? sql.length() : end + 1;
    }

    private int endOfLine() {
        int end = at;
        while (end < sql.length() && sql.charAt(end) != '\n' && sql.charAt(end) != '\r') {
            end++;
        }
        return end;
    }

    /** Comments nest in PostgreSQL. */
    private int endOfComment() {
        int depth = 0;
        int i = at;
        while (i < sql.length()) {
            if (sql.startsWith("/*", i)) {
                depth++;
                i += 2;
            } else if (sql.startsWith("*/", i)) {
                depth--;
                i += 2;
                if (depth == 0) {
                    return i;
                }
            } else {
                i++;
            }
        }
        return sql.length();
    }

    private int endOfNumber() {
        int i = at;
        while (i < sql.length()) {
            char c = sql.charAt(i);
            boolean exponentSign = (c == '+' || c == '-')
                    && (sql.charAt(i - 1) == 'e' || sql.charAt(i - 1) == 'E')
                    && !sql.startsWith("0x", at)
                    && !sql.startsWith("0X", at);
            if (i > at && !exponentSign && !isIdentifierPart(c) && c != '.') {
                return i;
            }
            i++;
        }
        return sql.length();
    }

    private char peek(int distance) {
        return at + distance < sql.length() ? sql.charAt(at + distance) : 0;
    }

    private void literal(int end) {
        masked.append('?');
        at = end;
    }

    private void copy(int end) {
        masked.append(sql, at, end);
        at = end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isIdentifierStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    }

    private static boolean isIdentifierPart(char c) {
        return isIdentifierStart(c) || isDigit(c) || c == '$';
    }
}
