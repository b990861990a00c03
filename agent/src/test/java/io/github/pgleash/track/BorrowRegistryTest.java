// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.FakePostgres;
import io.github.pgleash.connect.PgDriver;
import io.github.pgleash.track.Lenders.Lender;
import java.sql.Connection;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BorrowRegistryTest {
    private final ConnectionRegistry connections = new ConnectionRegistry();
    private final BorrowRegistry borrows =
            new BorrowRegistry(type -> true, BorrowStacks.never(), connections, type -> false);
    private final Lender pool = new Lender(Handles::empty);
    private FakePostgres server;

    @BeforeEach
    void start() throws Exception {
        server = new FakePostgres();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void what_is_lent_is_borrowed_until_it_is_returned() {
        Connection handle = Handles.empty();
        borrows.borrowed(pool, handle, borrows.ticket());

        assertThat(borrows.size()).isOne();
        Borrow borrow = borrows.open().get(0);
        assertThat(borrow.handle()).isSameAs(handle);
        assertThat(borrow.lender()).isSameAs(pool);
        assertThat(borrow.owner()).isSameAs(Thread.currentThread());

        assertThat(borrows.returning(handle)).isTrue();

        assertThat(borrows.size()).isZero();
        assertThat(borrow.wasReturned()).isTrue();
        assertThat(borrow.handle()).isNull();
        assertThat(borrow.lender()).isNull();
    }

    @Test
    void closing_it_again_or_closing_another_is_not_in_our_way() {
        Connection handle = Handles.empty();
        borrows.borrowed(pool, handle, borrows.ticket());

        assertThat(borrows.returning(handle)).isTrue();
        assertThat(borrows.returning(handle)).isTrue();
        assertThat(borrows.returning(Handles.empty())).isTrue();
        assertThat(borrows.returning("anything")).isTrue();
    }

    @Test
    void a_reclaimed_handle_cannot_be_closed_by_others_and_can_by_who_reclaimed_it() throws Exception {
        Connection handle = Handles.empty();
        borrows.borrowed(pool, handle, borrows.ticket());
        assertThat(borrows.open().get(0).tryReclaim()).isTrue();

        ExecutorService owner = Executors.newSingleThreadExecutor();
        try {
            assertThat(owner.submit(() -> borrows.returning(handle)).get()).isFalse();
        } finally {
            owner.shutdown();
        }
        assertThat(borrows.size()).isOne();
        assertThat(borrows.returning(handle)).isTrue();
        assertThat(borrows.size()).isZero();
    }

    @Test
    void a_data_source_around_a_data_source_is_one_borrow_of_the_inner_handle() {
        Connection inner = Handles.empty();
        Connection outer = Handles.around(inner);
        long outerTicket = borrows.ticket();
        long innerTicket = borrows.ticket();
        borrows.borrowed(pool, inner, innerTicket);
        borrows.borrowed(new Lender(() -> outer), outer, outerTicket);

        assertThat(borrows.open())
                .singleElement()
                .satisfies(borrow -> assertThat(borrow.handle()).isSameAs(inner));
    }

    @Test
    void one_thread_after_another_call_has_two() {
        Connection one = Handles.empty();
        Connection two = Handles.empty();
        borrows.borrowed(pool, one, borrows.ticket());
        borrows.borrowed(pool, two, borrows.ticket());

        assertThat(borrows.open())
                .satisfiesExactly(
                        borrow -> assertThat(borrow.handle()).isSameAs(one),
                        borrow -> assertThat(borrow.handle()).isSameAs(two));
        assertThat(borrows.open()).extracting(Borrow::number).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void so_it_does_after_it_has_returned_the_first() {
        Connection one = Handles.empty();
        borrows.borrowed(pool, one, borrows.ticket());
        borrows.returning(one);
        borrows.borrowed(pool, Handles.empty(), borrows.ticket());

        assertThat(borrows.size()).isOne();
    }

    @Test
    void a_borrow_of_another_thread_during_the_call_is_not_taken_for_a_nested_one() throws Exception {
        long ticket = borrows.ticket();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            other.submit(() -> borrows.borrowed(pool, Handles.empty(), borrows.ticket()))
                    .get();
        } finally {
            other.shutdown();
        }
        borrows.borrowed(pool, Handles.empty(), ticket);

        assertThat(borrows.size()).isEqualTo(2);
    }

    @Test
    void a_handle_that_will_not_tell_is_not_tracked() {
        BorrowRegistry deaf = new BorrowRegistry(type -> false, BorrowStacks.never(), connections, type -> false);
        deaf.borrowed(pool, Handles.empty(), deaf.ticket());

        assertThat(deaf.size()).isZero();
    }

    @Test
    void what_only_looks_like_a_data_source_lends_nothing() {
        borrows.borrowed("a holder of connections", Handles.empty(), borrows.ticket());

        assertThat(borrows.size()).isZero();
    }

    @Test
    void a_handle_that_was_lent_again_without_a_return_is_the_later_loan_alone() {
        // As one bound to a thread, or one whose return did not come by close(): else it would be out for ever.
        Connection handle = Handles.empty();
        borrows.borrowed(pool, handle, borrows.ticket());
        Borrow earlier = borrows.open().get(0);
        borrows.borrowed(pool, handle, borrows.ticket());

        assertThat(borrows.open()).hasSize(1).doesNotContain(earlier);
        assertThat(earlier.isOpen()).isFalse();
        assertThat(earlier.tryReclaim()).as("what is over cannot be reclaimed").isFalse();
        assertThat(borrows.returning(handle)).isTrue();
        assertThat(borrows.size()).isZero();
    }

    @Test
    void so_it_is_when_another_thread_got_it() throws Exception {
        Connection handle = Handles.empty();
        borrows.borrowed(pool, handle, borrows.ticket());
        Borrow earlier = borrows.open().get(0);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            other.submit(() -> borrows.borrowed(pool, handle, borrows.ticket())).get();
            assertThat(borrows.open()).hasSize(1).doesNotContain(earlier);
            assertThat(borrows.size()).isOne();
            assertThat(other.submit(() -> borrows.returning(handle)).get()).isTrue();
        } finally {
            other.shutdown();
        }
        assertThat(borrows.size()).isZero();
    }

    @Test
    void a_pools_own_connection_is_no_loan_and_the_applications_is() throws Exception {
        try (Connection physical = server.connect(7)) {
            Lender driver = new Lender(() -> physical);
            connections.opened(physical, PgDriver.of(physical.getClass()), new Properties(), null);
            borrows.borrowed(driver, physical, borrows.ticket());
            assertThat(borrows.open()).extracting(Borrow::handle).containsExactly(physical);
            borrows.returning(physical);

            new AnyPool(() -> {
                        borrows.borrowed(driver, physical, borrows.ticket());
                        return physical;
                    })
                    .getConnection();
            assertThat(borrows.size()).isZero();
        }
    }

    @Test
    void a_borrow_is_found_by_the_connection_behind_its_handle() throws Exception {
        try (Connection physical = server.connect(7)) {
            TrackedConnection tracked =
                    connections.opened(physical, PgDriver.of(physical.getClass()), FakePostgres.settings(), null);
            assertThat(borrows.of(tracked)).isNull();

            borrows.borrowed(pool, Handles.around(physical), borrows.ticket());

            Borrow borrow = Objects.requireNonNull(borrows.of(tracked));
            assertThat(borrow.physical()).isSameAs(physical);
            assertThat(borrow.isInTransaction()).isFalse();
            assertThat(borrows.byConnection()).isEqualTo(Map.of(tracked.number(), borrow));
            assertThat(borrow.tryReclaim()).isTrue();
            assertThat(borrows.of(tracked)).as("it is being reclaimed").isNull();
        }
    }

    @Test
    void of_two_loans_of_one_connection_the_younger_is_the_applications() throws Exception {
        try (Connection physical = server.connect(7)) {
            TrackedConnection tracked =
                    connections.opened(physical, PgDriver.of(physical.getClass()), FakePostgres.settings(), null);
            Connection younger = Handles.around(Handles.around(physical));
            borrows.borrowed(pool, Handles.around(physical), borrows.ticket());
            borrows.borrowed(pool, younger, borrows.ticket());

            assertThat(Objects.requireNonNull(borrows.of(tracked)).handle()).isSameAs(younger);
            assertThat(borrows.size()).isOne();
        }
    }

    @Test
    void many_threads_that_borrow_and_return_leave_nothing() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        CountDownLatch go = new CountDownLatch(1);
        Future<?>[] all = new Future<?>[4];
        for (int i = 0; i < all.length; i++) {
            all[i] = threads.submit(() -> {
                go.await();
                for (int round = 0; round < 5_000; round++) {
                    Connection handle = Handles.empty();
                    long ticket = borrows.ticket();
                    borrows.borrowed(pool, handle, ticket);
                    assertThat(borrows.ticket()).as("tracked").isGreaterThan(ticket);
                    assertThat(borrows.returning(handle)).isTrue();
                }
                return null;
            });
        }
        go.countDown();
        for (Future<?> one : all) {
            one.get(1, TimeUnit.MINUTES);
        }
        threads.shutdown();

        assertThat(borrows.size()).isZero();
    }

    /** A pool that nobody knows, which opens a connection for itself. */
    private static final class AnyPool extends Lender {
        AnyPool(java.util.function.Supplier<Connection> opening) {
            super(opening);
        }

        @Override
        public Connection getConnection() {
            return super.getConnection();
        }
    }
}
