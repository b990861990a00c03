// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A script that was sent to a service; its result when it has ended. */
public final class Running<R extends @Nullable Object> {
    private final String thread;
    private final CompletableFuture<@Nullable Object> answer;

    Running(String thread, CompletableFuture<@Nullable Object> answer) {
        this.thread = thread;
        this.answer = answer;
    }

    /** Whether it has returned or thrown. */
    public boolean isDone() {
        return answer.isDone();
    }

    /** Waits for its result, for the usual time. */
    public R join() {
        return join(ServiceJvm.DEADLINE);
    }

    /**
     * Waits for its result.
     *
     * @throws ScriptFailed if the script threw
     */
    @SuppressWarnings("unchecked")
    public R join(Duration deadline) {
        try {
            return (R) answer.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("the script on thread " + thread + " did not end within " + deadline, late);
        } catch (ExecutionException failed) {
            throw rethrown(Objects.requireNonNull(failed.getCause()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static RuntimeException rethrown(Throwable cause) {
        return cause instanceof RuntimeException exception ? exception : new IllegalStateException(cause);
    }
}
