// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Something that application code does in the service until the test lets it end. */
final class Errand {
    private final CompletableFuture<String> pid = new CompletableFuture<>();
    private final CountDownLatch end = new CountDownLatch(1);

    /** Says that it is under way, in that session. */
    void begun(String sessionPid) {
        pid.complete(sessionPid);
    }

    /** Says that it will never be. */
    void failed(Exception reason) {
        pid.completeExceptionally(reason);
    }

    /** Waits until it is under way. */
    String pid() throws InterruptedException, ExecutionException, TimeoutException {
        return pid.get(30, TimeUnit.SECONDS);
    }

    void end() {
        end.countDown();
    }

    void awaitEnd() throws InterruptedException {
        end.await();
    }

    /** Pauses; false when it is to end. */
    boolean goesOn(long millis) throws InterruptedException {
        return !end.await(millis, TimeUnit.MILLISECONDS);
    }
}
