// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class OpenBorrowsTest {
    private static final long STRANGER = -1;

    private final OpenBorrows borrows = new OpenBorrows();
    private final Thread me = Thread.currentThread();

    private Borrow add(Connection handle) {
        Borrow borrow = new Borrow(Thread.currentThread(), "lender", handle, true, System.nanoTime(), null);
        borrows.add(borrow);
        return borrow;
    }

    @Test
    void it_is_found_by_its_handle_from_any_thread_until_it_is_taken_out() {
        Connection handle = Handles.empty();
        Borrow borrow = add(handle);
        assertThat(borrows.find(me.getId(), handle)).isSameAs(borrow);
        assertThat(borrows.find(STRANGER, handle)).isSameAs(borrow);
        assertThat(borrows.findBeside(me.getId() + 1, handle)).isNull();
        assertThat(borrows.find(me.getId(), Handles.empty())).isNull();

        borrows.remove(borrow);
        assertThat(borrows.find(me.getId(), handle)).isNull();
        assertThat(borrows.all()).isEmpty();
    }

    @Test
    void they_are_taken_out_in_any_order_and_once() {
        List<Borrow> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(add(Handles.empty()));
        }
        for (int i : new int[] {2, 4, 0, 3, 2, 1}) {
            borrows.remove(all.get(i));
            all.get(i).forget();
        }
        assertThat(borrows.all()).isEmpty();
        Borrow again = add(Handles.empty());
        assertThat(borrows.all()).containsExactly(again);
    }

    @Test
    void of_two_of_one_handle_the_younger_is_found() {
        Connection handle = Handles.empty();
        add(handle);
        Borrow younger = add(handle);
        assertThat(borrows.find(STRANGER, handle)).isSameAs(younger);
        assertThat(borrows.find(me.getId(), handle)).isSameAs(younger);
    }

    @Test
    void no_two_have_one_number_whoever_borrows() {
        Set<Long> numbers = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            Thread thread = new Thread();
            long ticket = borrows.ticket(thread.getId());
            Borrow borrow = new Borrow(thread, "lender", Handles.empty(), true, System.nanoTime(), null);
            assertThat(borrow.number()).isZero();
            borrows.add(borrow);
            assertThat(borrow.number()).isGreaterThan(ticket).isPositive();
            assertThat(numbers.add(borrow.number())).isTrue();
        }
    }

    @Test
    void whether_a_thread_has_one_since_then_goes_by_its_youngest() {
        assertThat(borrows.hasSince(me.getId(), 0)).isFalse();
        Borrow borrow = add(Handles.empty());
        assertThat(borrows.hasSince(me.getId(), 0)).isTrue();
        assertThat(borrows.hasSince(me.getId(), borrow.number())).isFalse();
        assertThat(borrows.hasSince(me.getId() + 64, 0))
                .as("of another thread with the same hash")
                .isFalse();
        assertThat(borrow.tryReclaim()).isTrue();
        assertThat(borrows.hasSince(me.getId(), 0)).as("being reclaimed").isFalse();
    }

    @Test
    void who_looks_while_others_come_and_go_misses_none_that_stays() throws Exception {
        List<Borrow> stay = new ArrayList<>();
        ExecutorService others = Executors.newFixedThreadPool(3);
        AtomicBoolean over = new AtomicBoolean();
        List<Future<?>> traffic = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            traffic.add(others.submit(() -> comeAndGo(over)));
        }
        try {
            for (int i = 0; i < 200; i++) {
                stay.add(add(Handles.empty()));
                for (int look = 0; look < 50; look++) {
                    assertThat(borrows.all().containsAll(stay)).isTrue();
                }
            }
        } finally {
            over.set(true);
        }
        for (Future<?> one : traffic) {
            one.get(1, TimeUnit.MINUTES);
        }
        others.shutdown();
        assertThat(borrows.all()).containsExactlyInAnyOrderElementsOf(stay);
    }

    /** Under the id of the thread that looks, so that it is all one list. */
    private void comeAndGo(AtomicBoolean over) {
        List<Borrow> mine = new ArrayList<>();
        while (!over.get()) {
            if (mine.size() < 8) {
                Borrow borrow = new Borrow(me, "lender", Handles.empty(), true, System.nanoTime(), null);
                borrows.add(borrow);
                mine.add(borrow);
            }
            if (ThreadLocalRandom.current().nextBoolean()) {
                borrows.remove(mine.remove(ThreadLocalRandom.current().nextInt(mine.size())));
            }
        }
        mine.forEach(borrows::remove);
    }
}
