// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a verdict has stood, and what was done about it meanwhile; all of it counted from the first time it was
 * given.
 *
 * @param cancelled when its statement was cancelled last
 * @param tried when the last means of its rule was tried, and did not help
 */
public record Standing(
        Duration stood,
        @Nullable Duration cancelled,
        @Nullable Duration tried) {
    public static final Standing NEW = new Standing(Duration.ZERO, null, null);
}
