// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.judge;

import java.time.Duration;

/** From when on something is suspect; {@link Duration#ZERO} is never. */
public record Thresholds(
        Duration leakAfter, Duration idleInTransactionAfter, Duration activeAfter, Duration blockedAfter) {}
