// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.tag;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The pattern of the {@code tag} option, and how it becomes an {@code application_name}. PostgreSQL cuts names at 63
 * bytes from the right and replaces what is not printable ASCII, differently by version: so the text is made ASCII and
 * short here, where the parts are known. The longest parts are shortened first; {@code {pid}} and {@code {instance}}
 * stay whole.
 */
public final class TagPattern {
    /** {@code NAMEDATALEN - 1}. */
    public static final int MAX_BYTES = 63;

    private static final String HOST = "host";
    private static final List<String> WHOLE = List.of("pid", "instance");

    private final List<Part> parts;

    private record Part(String text, boolean placeholder) {}

    /** @param pattern as the options checked it: known placeholders, printable ASCII, room for the parts */
    public TagPattern(String pattern) {
        List<Part> found = new ArrayList<>();
        int at = 0;
        while (at < pattern.length()) {
            int open = pattern.indexOf('{', at);
            int end = open < 0 ? pattern.length() : open;
            if (end > at) {
                found.add(new Part(pattern.substring(at, end), false));
            }
            if (open < 0) {
                break;
            }
            int close = pattern.indexOf('}', open);
            found.add(new Part(pattern.substring(open + 1, close), true));
            at = close + 1;
        }
        parts = List.copyOf(found);
    }

    /** The application name; at most {@link #MAX_BYTES} printable ASCII characters, whatever the values are. */
    public String render(Map<String, String> values) {
        List<String> texts = new ArrayList<>();
        for (Part part : parts) {
            texts.add(part.placeholder() ? ascii(values.getOrDefault(part.text(), "")) : part.text());
        }
        dropDomains(texts);
        // No part keeps more than all may have: spares the loop below what somebody's endless name would cost.
        for (int i = 0; i < texts.size(); i++) {
            texts.set(i, texts.get(i).substring(0, Math.min(texts.get(i).length(), MAX_BYTES)));
        }
        for (int excess = length(texts) - MAX_BYTES; excess > 0; excess = length(texts) - MAX_BYTES) {
            int longest = longestFlexible(texts);
            if (longest < 0) {
                break;
            }
            String text = texts.get(longest);
            texts.set(longest, text.substring(0, text.length() - 1));
        }
        String name = String.join("", texts);
        return name.substring(0, Math.min(name.length(), MAX_BYTES));
    }

    /** A host is known by its first label: its domain goes before anything else is shortened. */
    private void dropDomains(List<String> texts) {
        for (int i = 0; i < texts.size() && length(texts) > MAX_BYTES; i++) {
            int dot = texts.get(i).indexOf('.');
            if (parts.get(i).placeholder() && parts.get(i).text().equals(HOST) && dot > 0) {
                texts.set(i, texts.get(i).substring(0, dot));
            }
        }
    }

    private int longestFlexible(List<String> texts) {
        int longest = -1;
        for (int i = 0; i < texts.size(); i++) {
            Part part = parts.get(i);
            boolean flexible = part.placeholder()
                    && !WHOLE.contains(part.text())
                    && !texts.get(i).isEmpty();
            if (flexible
                    && (longest < 0
                            || texts.get(i).length() > texts.get(longest).length())) {
                longest = i;
            }
        }
        return longest;
    }

    private static int length(List<String> texts) {
        int length = 0;
        for (String text : texts) {
            length += text.length();
        }
        return length;
    }

    /** Letters lose their accents; every other character that is not printable ASCII becomes {@code _}. */
    static String ascii(String text) {
        String flat = text.replace("ß", "ss").replace("ẞ", "SS");
        if (!isAscii(flat)) {
            flat = Normalizer.normalize(flat, Normalizer.Form.NFKD);
        }
        StringBuilder ascii = new StringBuilder(flat.length());
        for (int at = 0; at < flat.length(); at += Character.charCount(flat.codePointAt(at))) {
            int c = flat.codePointAt(at);
            if (Character.getType(c) != Character.NON_SPACING_MARK) {
                ascii.append(c >= ' ' && c <= '~' ? (char) c : '_');
            }
        }
        return ascii.toString();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }
}
