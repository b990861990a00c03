// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.connect.ConnectionEvents;
import io.github.pgleash.connect.Door;
import io.github.pgleash.judge.Loan;
import io.github.pgleash.judge.Loan.Whereabouts;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.BorrowStacks;
import io.github.pgleash.track.Handles;
import io.github.pgleash.track.Lenders.Lender;
import io.github.pgleash.track.TrackedConnection;
import java.sql.Connection;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where an owner is, with real threads that stand where a latch keeps them. */
class LoansTest {
    private Backends backends;
    private TrackedConnection connection;
    private BorrowRegistry borrows;

    @BeforeEach
    void start() throws Exception {
        backends = new Backends();
        connection = backends.open(7, Backends.TAG);
        open(BorrowStacks.always());
    }

    private void open(BorrowStacks stacks) {
        borrows = new BorrowRegistry(type -> true, stacks, backends.registry, type -> false);
        Door.open(new ConnectionEvents() {
            @Override
            public void borrowed(Object lender, Connection handle, long ticket) {
                borrows.borrowed(lender, handle, ticket);
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        Door.open(ConnectionEvents.NONE);
        backends.close();
    }

    @Test
    void an_owner_in_the_method_that_borrowed_is_still_there() throws Exception {
        Shop shop = new Shop(Stop.IN_BORROWER);
        shop.runUntilItStops();

        Loan loan = loan();
        assertThat(loan.whereabouts()).isEqualTo(Whereabouts.STILL_THERE);
        assertThat(Loans.ownerHasGone(borrow())).isFalse();
        assertThat(loan.from()).startsWith(Shop.class.getName() + ".load(LoansTest.java:");
        assertThat(loan.ownerState()).startsWith("waiting in " + Shop.class.getName() + ".pause(LoansTest.java:");
        assertThat(loan.owner()).matches("shop #\\d+");
        shop.end();
    }

    @Test
    void so_is_one_in_the_caller_of_that_method() throws Exception {
        Shop shop = new Shop(Stop.IN_CALLER);
        shop.runUntilItStops();

        assertThat(loan().whereabouts()).isEqualTo(Whereabouts.STILL_THERE);
        shop.end();
    }

    @Test
    void one_that_went_on_in_its_outermost_method_has_left() throws Exception {
        Shop shop = new Shop(Stop.OUTSIDE);
        shop.runUntilItStops();

        assertThat(loan().whereabouts()).isEqualTo(Whereabouts.LEFT);
        assertThat(Loans.ownerHasGone(borrow())).isTrue();
        shop.end();
    }

    @Test
    void the_outermost_method_says_nothing_even_if_it_is_the_caller() throws Exception {
        Shop shop = new Shop(Stop.OUTSIDE_OF_A_DIRECT_CALL);
        shop.runUntilItStops();

        assertThat(loan().whereabouts()).isEqualTo(Whereabouts.LEFT);
        shop.end();
    }

    @Test
    void a_thread_that_has_ended_has_ended() throws Exception {
        Shop shop = new Shop(Stop.NOWHERE);
        shop.run();

        Loan loan = loan();
        assertThat(loan.whereabouts()).isEqualTo(Whereabouts.ENDED);
        assertThat(loan.ownerState()).isEqualTo("ended");
        assertThat(Loans.ownerHasGone(borrow())).isTrue();
    }

    @Test
    void without_a_stack_a_living_owner_may_be_anywhere() throws Exception {
        open(BorrowStacks.never());
        Shop shop = new Shop(Stop.OUTSIDE);
        shop.runUntilItStops();

        Loan loan = loan();
        assertThat(loan.whereabouts()).isEqualTo(Whereabouts.UNKNOWN);
        assertThat(loan.from()).isNull();
        assertThat(Loans.ownerHasGone(borrow())).isFalse();
        shop.end();
        assertThat(loan().whereabouts()).isEqualTo(Whereabouts.ENDED);
    }

    @Test
    void a_loan_tells_its_pool_and_age() throws Exception {
        new Shop(Stop.NOWHERE).run();

        Loan loan = loan();
        assertThat(loan.pool()).isEqualTo("Pool");
        assertThat(loan.pooled()).isTrue();
        assertThat(loan.number()).isEqualTo(borrow().number());
        assertThat(loan.age()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        assertThat(loan.exemption()).isNull();
    }

    @Test
    void what_the_driver_lent_itself_is_not_pooled() {
        Connection physical = Objects.requireNonNull(connection.connection());
        borrows.borrowed(new Lender(() -> physical), physical, borrows.ticket());

        assertThat(loan().pooled()).isFalse();
    }

    @Test
    void sessions_that_wait_on_purpose_are_exempt() throws Exception {
        new Shop(Stop.NOWHERE).run();

        assertThat(Loans.of(borrow(), connection, row("select 1", true)).exemption())
                .isEqualTo("it holds an advisory lock");
        assertThat(Loans.of(borrow(), connection, row(" LISTEN orders", false)).exemption())
                .isEqualTo("it listens for notifications");
        assertThat(Loans.of(borrow(), connection, row("select 1", false)).exemption())
                .isNull();
        backends.registry.enlisted(Objects.requireNonNull(connection.connection()));
        assertThat(Loans.of(borrow(), connection, null).exemption())
                .isEqualTo("it takes part in distributed transactions");
    }

    private static ActivityRow row(String query, boolean holdsAdvisoryLock) {
        ActivityRow idle = Backends.row(7, 17, Duration.ZERO);
        return new ActivityRow(
                idle.pid(),
                idle.backendStart(),
                idle.backendAge(),
                idle.usename(),
                idle.datname(),
                idle.applicationName(),
                idle.clientAddr(),
                idle.state(),
                null,
                null,
                null,
                null,
                idle.stateAge(),
                idle.queryAge(),
                null,
                null,
                query,
                null,
                holdsAdvisoryLock);
    }

    private Borrow borrow() {
        return Objects.requireNonNull(borrows.of(connection));
    }

    private Loan loan() {
        return Loans.of(borrow(), connection, null);
    }

    enum Stop {
        IN_BORROWER,
        IN_CALLER,
        OUTSIDE,
        OUTSIDE_OF_A_DIRECT_CALL,
        NOWHERE
    }

    /** An application: its thread borrows three calls deep, and stops where it is told to. */
    private final class Shop {
        private final CountDownLatch stopped = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final Stop stop;
        private final Thread thread = new Thread(this::serve, "shop");
        private volatile @Nullable Connection kept;

        Shop(Stop stop) {
            this.stop = stop;
        }

        void runUntilItStops() throws InterruptedException {
            thread.start();
            assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }

        void run() throws InterruptedException {
            thread.start();
            thread.join(10_000);
        }

        void end() throws InterruptedException {
            goOn.countDown();
            thread.join(10_000);
        }

        private void serve() {
            if (stop == Stop.OUTSIDE_OF_A_DIRECT_CALL) {
                load();
                pause();
            } else {
                handle();
                pauseAt(Stop.OUTSIDE);
            }
        }

        private void handle() {
            load();
            pauseAt(Stop.IN_CALLER);
        }

        private void load() {
            kept = new Pool().getConnection();
            pauseAt(Stop.IN_BORROWER);
        }

        private void pauseAt(Stop here) {
            if (stop == here) {
                pause();
            }
        }

        private void pause() {
            stopped.countDown();
            try {
                goOn.await();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
            assertThat(kept).isNotNull();
        }
    }

    /** As it is when it is woven. */
    private final class Pool extends Lender {
        Pool() {
            super(() -> Handles.around(Objects.requireNonNull(connection.connection())));
        }

        @Override
        public Connection getConnection() {
            Connection handle = super.getConnection();
            Door.borrowed(this, handle, 0);
            return handle;
        }
    }
}
