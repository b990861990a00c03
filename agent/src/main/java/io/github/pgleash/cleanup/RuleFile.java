// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.cleanup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file as it is now, once nobody writes it any more: an editor may empty it first, or leave half of it for a moment,
 * and the first half of a rule may do what the whole does not. Called by the patrol.
 */
final class RuleFile {
    private static final int LARGEST = 256 * 1024;
    private static final Duration QUIET = Duration.ofMillis(500);

    private final Path path;
    private @Nullable Content seen;
    private long seenNanos;
    private @Nullable Content given;

    RuleFile(Path path) {
        this.path = path;
    }

    /**
     * What is in it, or why it cannot be read.
     *
     * @param text null when it cannot be read
     */
    record Content(@Nullable String text, String trouble) {}

    Path path() {
        return path;
    }

    /** The content, if it is another one than last time, and has been for a moment; null otherwise. */
    @Nullable
    Content changed(long nowNanos) {
        Content now = read();
        if (!now.equals(seen)) {
            seen = now;
            seenNanos = nowNanos;
        }
        boolean first = given == null;
        boolean quiet = nowNanos - seenNanos >= QUIET.toNanos();
        if (Objects.equals(now, given) || !(first || quiet)) {
            return null;
        }
        given = now;
        return now;
    }

    private Content read() {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            return new Content(null, "it is no regular file"); // a pipe would hold up the patrol
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                return new Content(null, "it is larger than " + LARGEST / 1024 + " KiB");
            }
            return new Content(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString(),
                    "");
        } catch (CharacterCodingException notText) {
            return new Content(null, "it is not UTF-8");
        } catch (IOException | RuntimeException unreadable) {
            return new Content(null, "it cannot be read: " + unreadable);
        }
    }
}
