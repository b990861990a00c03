// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import org.jspecify.annotations.Nullable;

/**
 * One object of JSON (RFC 8259) on one line, as JSON Lines wants it. Of ASCII only, so that it is the same whatever
 * encoding the log has; without the characters that mean something in HTML, since logs are looked at in browsers; and
 * half a surrogate pair becomes the replacement character, since there is no text that it could stand for.
 */
final class JsonLine {
    private static final char REPLACEMENT = '\ufffd';

    private final StringBuilder json = new StringBuilder("{");

    JsonLine put(String name, @Nullable String value) {
        name(name);
        if (value == null) {
            json.append("null");
        } else {
            quote(value);
        }
        return this;
    }

    JsonLine put(String name, long value) {
        name(name);
        json.append(value);
        return this;
    }

    JsonLine put(String name, boolean value) {
        name(name);
        json.append(value);
        return this;
    }

    private void name(String name) {
        if (json.length() > 1) {
            json.append(',');
        }
        quote(name);
        json.append(':');
    }

    private void quote(String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                unicode(c);
                unicode(text.charAt(++i));
            } else {
                put(Character.isSurrogate(c) ? REPLACEMENT : c);
            }
        }
        json.append('"');
    }

    private void put(char c) {
        switch (c) {
            case '"', '\\' -> json.append('\\').append(c);
            case '\n' -> json.append("\\n");
            case '\r' -> json.append("\\r");
            case '\t' -> json.append("\\t");
            case '<', '>', '&', '\'' -> unicode(c);
            default -> {
                if (c < ' ' || c > '~') {
                    unicode(c);
                } else {
                    json.append(c);
                }
            }
        }
    }

    private void unicode(char c) {
        json.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            json.append(Character.forDigit((c >> shift) & 0xf, 16));
        }
    }

    /** The object; nothing can be put into it afterwards. */
    @Override
    public String toString() {
        return json + "}";
    }
}
