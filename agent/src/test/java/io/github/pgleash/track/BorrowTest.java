// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class BorrowTest {
    private static final int ROUNDS = 3_000;

    private final Connection handle = (Connection) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    @Test
    void whoever_closes_it_first_returns_it() {
        Borrow borrow = borrow();
        assertThat(borrow.tryReturn()).isTrue();
        assertThat(borrow.wasReturned()).isTrue();
        assertThat(borrow.tryReturn()).isFalse();
        assertThat(borrow.tryReclaim()).isFalse();
    }

    @Test
    void while_it_is_reclaimed_only_the_one_who_does_may_close_it() throws Exception {
        Borrow borrow = borrow();
        assertThat(borrow.tryReclaim()).isTrue();
        assertThat(CompletableFuture.supplyAsync(borrow::tryReturn).get(10, TimeUnit.SECONDS))
                .isFalse();
        assertThat(borrow.tryReturn()).isTrue();
        assertThat(borrow.isOpen()).isFalse();
    }

    @Test
    void a_claim_that_is_given_up_lets_the_owner_close_it() throws Exception {
        Borrow borrow = borrow();
        borrow.tryReclaim();
        assertThat(borrow.unclaim()).isFalse();
        assertThat(CompletableFuture.supplyAsync(borrow::tryReturn).get(10, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void an_owner_that_was_turned_away_is_known_when_the_claim_is_given_up() throws Exception {
        Borrow borrow = borrow();
        borrow.tryReclaim();
        CompletableFuture.supplyAsync(borrow::tryReturn).get(10, TimeUnit.SECONDS);
        assertThat(borrow.unclaim()).isTrue();
        assertThat(borrow.tryReturn()).isTrue();
    }

    /** Neither closed by its owner nor for it would be a leak of our own making. */
    @Test
    void a_close_while_a_claim_is_given_up_is_never_lost() throws Exception {
        AtomicReference<Borrow> next = new AtomicReference<>();
        SynchronousQueue<Boolean> closed = new SynchronousQueue<>();
        Thread owner = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                Borrow borrow = next.getAndSet(null);
                if (borrow != null) {
                    tell(closed, borrow.tryReturn());
                }
                Thread.onSpinWait();
            }
        });
        owner.start();
        try {
            for (int i = 0; i < ROUNDS; i++) {
                Borrow borrow = borrow();
                borrow.tryReclaim();
                next.set(borrow);
                for (int pause = i % 64; pause > 0; pause--) {
                    Thread.onSpinWait(); // so that the two meet at ever other moments
                }
                boolean missed = borrow.unclaim();
                assertThat(closed.poll(10, TimeUnit.SECONDS))
                        .as("closed by its owner, or for it, and not by both")
                        .isEqualTo(!missed);
            }
        } finally {
            owner.interrupt();
            owner.join();
        }
    }

    private Borrow borrow() {
        return new Borrow(1, Thread.currentThread(), new Object(), handle, true, null);
    }

    private static void tell(SynchronousQueue<Boolean> queue, boolean answer) {
        try {
            queue.put(answer);
        } catch (InterruptedException testEnded) {
            Thread.currentThread().interrupt();
        }
    }
}
