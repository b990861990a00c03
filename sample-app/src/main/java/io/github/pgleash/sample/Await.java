// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Waiting that always ends. */
final class Await {
    private Await() {}

    /**
     * Asks {@code probe} again and again until it has an answer; empty when there was none within {@code deadline}.
     * The probe itself must not take long: it is not interrupted.
     */
    static <T> Optional<T> answer(Duration deadline, Duration pause, Callable<Optional<T>> probe) throws Exception {
        long end = System.nanoTime() + deadline.toNanos();
        while (true) {
            Optional<T> answer = probe.call();
            if (answer.isPresent() || System.nanoTime() - end >= 0) {
                return answer;
            }
            Thread.sleep(pause.toMillis());
        }
    }

    /** Whether {@code condition} came true within {@code deadline}. */
    static boolean condition(Duration deadline, Duration pause, Callable<Boolean> condition) throws Exception {
        return answer(deadline, pause, () -> condition.call() ? Optional.of(true) : Optional.empty())
                .isPresent();
    }
}
