// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The claim: whatever the order, a borrow is ended by one and never by two. */
class BorrowTest {
    private static final int RACES = 10_000;

    private static ExecutorService other;

    private final Connection handle = Handles.empty();

    @BeforeAll
    static void start() {
        other = Executors.newSingleThreadExecutor();
    }

    @AfterAll
    static void stop() {
        other.shutdownNow();
    }

    @Test
    void a_borrow_that_is_returned_cannot_be_reclaimed() {
        Borrow borrow = borrow();

        assertThat(borrow.isOpen()).isTrue();
        assertThat(borrow.tryReturn()).isTrue();
        assertThat(borrow.tryReclaim()).isFalse();
        assertThat(borrow.isOpen()).isFalse();
        assertThat(borrow.wasReturned()).isTrue();
    }

    @Test
    void a_borrow_that_is_reclaimed_cannot_be_returned_by_anybody_else() throws Exception {
        Borrow borrow = borrow();

        assertThat(borrow.tryReclaim()).isTrue();
        assertThat(elsewhere(borrow::tryReturn)).isFalse();
        assertThat(elsewhere(borrow::tryReclaim)).isFalse();
        assertThat(borrow.wasReturned()).isFalse();
        assertThat(borrow.isOpen()).isFalse();
    }

    @Test
    void who_reclaimed_it_may_close_the_handle() {
        Borrow borrow = borrow();

        assertThat(borrow.tryReclaim()).isTrue();
        assertThat(borrow.tryReturn()).isTrue();
    }

    @Test
    void it_is_reclaimed_once_even_by_one_thread() {
        Borrow borrow = borrow();

        assertThat(borrow.tryReclaim()).isTrue();
        assertThat(borrow.tryReclaim()).isFalse();
    }

    @Test
    void after_a_claim_was_given_up_the_owner_returns_it_itself() throws Exception {
        Borrow borrow = borrow();
        assertThat(borrow.tryReclaim()).isTrue();

        assertThat(borrow.unclaim()).as("the owner was turned away").isFalse();

        assertThat(borrow.isOpen()).isTrue();
        assertThat(elsewhere(borrow::tryReturn)).isTrue();
        assertThat(borrow.wasReturned()).isTrue();
    }

    @Test
    void an_owner_that_was_turned_away_is_remembered_until_the_claim_is_given_up() throws Exception {
        Borrow borrow = borrow();
        assertThat(borrow.tryReclaim()).isTrue();
        assertThat(elsewhere(borrow::tryReturn)).isFalse();
        assertThat(elsewhere(borrow::tryReturn)).isFalse();
        assertThat(borrow.isOpen()).isFalse();

        assertThat(borrow.unclaim()).as("the owner was turned away").isTrue();

        assertThat(borrow.isOpen()).isTrue();
        assertThat(borrow.tryReclaim()).isTrue();
        assertThat(borrow.unclaim()).as("turned away in an earlier claim").isFalse();
    }

    @Test
    void a_claim_that_nobody_has_cannot_be_given_up() {
        Borrow open = borrow();
        assertThat(open.unclaim()).isFalse();
        assertThat(open.isOpen()).isTrue();

        Borrow returned = borrow();
        assertThat(returned.tryReturn()).isTrue();
        assertThat(returned.unclaim()).isFalse();
        assertThat(returned.wasReturned()).isTrue();
    }

    @Test
    void of_a_return_and_a_reclaim_exactly_one_wins() throws Exception {
        race(Borrow::tryReturn, Borrow::tryReclaim, (borrow, returned, reclaimed) -> {
            assertThat(returned).isNotEqualTo(reclaimed);
            assertThat(borrow.wasReturned()).isEqualTo(returned);
        });
    }

    @Test
    void of_two_reclaims_exactly_one_wins() throws Exception {
        race(
                Borrow::tryReclaim,
                Borrow::tryReclaim,
                (borrow, one, two) -> assertThat(one).isNotEqualTo(two));
    }

    @Test
    void of_two_returns_exactly_one_wins() throws Exception {
        race(
                Borrow::tryReturn,
                Borrow::tryReturn,
                (borrow, one, two) -> assertThat(one).isNotEqualTo(two));
    }

    /** Otherwise the slot would be lost: the owner was turned away, and nobody returns it in its place. */
    @Test
    void when_a_claim_is_given_up_the_owner_returns_it_or_is_known_to_have_tried() throws Exception {
        race(
                borrow -> {
                    assertThat(borrow.tryReclaim()).isTrue();
                    return true;
                },
                Borrow::tryReturn,
                Borrow::unclaim,
                (borrow, returned, missed) -> assertThat(returned).isNotEqualTo(missed));
    }

    @Test
    void it_tells_who_has_it_and_for_how_long() {
        Borrow borrow = borrow();

        assertThat(borrow.owner()).isSameAs(Thread.currentThread());
        assertThat(borrow.ownerText())
                .isEqualTo(Thread.currentThread().getName() + " #"
                        + Thread.currentThread().getId());
        assertThat(borrow.age(System.nanoTime())).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        assertThat(borrow.stack()).isEmpty();
        assertThat(borrow.handle()).isSameAs(handle);
        assertThat(borrow.lender()).isEqualTo("lender");
    }

    @Test
    void an_owner_without_a_name_is_a_virtual_thread() {
        Thread nameless = new Thread("");

        assertThat(new Borrow(nameless, "lender", handle, true, System.nanoTime(), null).ownerText())
                .isEqualTo("virtual thread #" + nameless.getId());
    }

    @Test
    void what_is_over_holds_nothing() {
        Borrow borrow = borrow();
        borrow.forget();

        assertThat(borrow.handle()).isNull();
        assertThat(borrow.lender()).isNull();
        assertThat(borrow.physical()).isNull();
        assertThat(borrow.isOf(handle)).isFalse();
    }

    private Borrow borrow() {
        return new Borrow(Thread.currentThread(), "lender", handle, true, System.nanoTime(), null);
    }

    private static boolean elsewhere(java.util.concurrent.Callable<Boolean> work) throws Exception {
        return other.submit(work).get();
    }

    interface Outcome {
        void check(Borrow borrow, boolean one, boolean two);
    }

    private void race(Predicate<Borrow> one, Predicate<Borrow> two, Outcome outcome) throws Exception {
        race(borrow -> true, one, two, outcome);
    }

    /** The second runs on the thread that prepared the borrow. */
    private void race(Predicate<Borrow> prepare, Predicate<Borrow> one, Predicate<Borrow> two, Outcome outcome)
            throws Exception {
        Borrow[] borrows = new Borrow[RACES];
        boolean[] ones = new boolean[RACES];
        boolean[] twos = new boolean[RACES];
        AtomicInteger arrived = new AtomicInteger();
        for (int i = 0; i < RACES; i++) {
            borrows[i] = borrow();
            assertThat(prepare.test(borrows[i])).isTrue();
        }
        Future<?> first = other.submit(() -> {
            for (int i = 0; i < RACES; i++) {
                meet(arrived, i);
                ones[i] = one.test(borrows[i]);
            }
            return null;
        });
        for (int i = 0; i < RACES; i++) {
            meet(arrived, i);
            twos[i] = two.test(borrows[i]);
        }
        first.get();
        for (int i = 0; i < RACES; i++) {
            outcome.check(borrows[i], ones[i], twos[i]);
        }
    }

    /** Both leave at the same moment: no lock, whose wake-up would let one go long before the other. */
    @SuppressWarnings("ThreadPriorityCheck") // where there is one CPU, the other must get it
    private static void meet(AtomicInteger arrived, int round) {
        arrived.incrementAndGet();
        for (int spins = 1; arrived.get() < 2 * (round + 1); spins++) {
            if (spins % 100 == 0) {
                Thread.onSpinWait();
            }
            Thread.onSpinWait();
        }
    }
}
