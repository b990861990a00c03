// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Whether a class looks like a data source, from its constant pool alone: it names the descriptor of {@code
 * getConnection()}, and either that of {@code getConnection(user, password)} too, or a class called a data source. About
 * a microsecond a class; that it names {@code javax/sql/DataSource} would miss c3p0, Agroal and Druid.
 */
final class DataSourceScan {
    private static final byte[] GET_CONNECTION = "()Ljava/sql/Connection;".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] WITH_USER =
            "(Ljava/lang/String;Ljava/lang/String;)Ljava/sql/Connection;".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA_SOURCE = "DataSource".getBytes(StandardCharsets.US_ASCII);

    private static final int FIRST_CONSTANT = 10;

    private DataSourceScan() {}

    /** @param bytes a class file */
    static boolean looksLikeDataSource(byte[] bytes) {
        return hasText(bytes, GET_CONNECTION, null) && hasText(bytes, WITH_USER, DATA_SOURCE);
    }

    /** Whether one of its texts is that one, or has that part. Most classes are known by the lengths of their texts. */
    private static boolean hasText(byte[] bytes, byte[] whole, byte @Nullable [] part) {
        int constants = unsignedShort(bytes, FIRST_CONSTANT - 2);
        int at = FIRST_CONSTANT;
        for (int i = 1; i < constants; i++) {
            switch (bytes[at]) {
                case 1 -> { // Utf8
                    int length = unsignedShort(bytes, at + 1);
                    if ((length == whole.length && startsWith(bytes, at + 3, whole))
                            || (part != null && contains(bytes, at + 3, length, part))) {
                        return true;
                    }
                    at += 3 + length;
                }
                case 5, 6 -> { // Long, Double take two entries
                    at += 9;
                    i++;
                }
                case 7, 8, 16, 19, 20 -> at += 3; // Class, String, MethodType, Module, Package
                case 15 -> at += 4; // MethodHandle
                case 3, 4, 9, 10, 11, 12, 17, 18 -> at += 5; // numbers, references, Dynamic
                default -> {
                    return false;
                }
            }
        }
        return false;
    }

    private static int unsignedShort(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
    }

    private static boolean contains(byte[] bytes, int at, int length, byte[] text) {
        for (int i = at; i <= at + length - text.length; i++) {
            if (bytes[i] == text[0] && startsWith(bytes, i, text)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] bytes, int at, byte[] text) {
        for (int i = 0; i < text.length; i++) {
            if (bytes[at + i] != text[i]) {
                return false;
            }
        }
        return true;
    }
}
