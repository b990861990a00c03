// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.service.Stage;
import io.github.pgleash.jmx.Receipt;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Both slots of a pool are leaked, and given back to it. */
final class SlotsOfPoolsIT {
    private static final PostgresServer SERVER = PostgresServers.shared();
    private static final PoolPlan PLAN = new PoolPlan(SERVER, 2);

    @SuppressWarnings("NullAway.Init")
    private static ServiceJvm service;

    @BeforeAll
    static void startService() {
        service = ServiceJvm.plan()
                .agent("leak.after=1s,idleInTransaction.after=1s")
                .without("HikariCP")
                .start();
    }

    @AfterAll
    static void endService() {
        service.close();
    }

    @BeforeEach
    void stockTheShop() {
        SERVER.execute("create table if not exists stock (item text primary key, amount int)");
        SERVER.execute("grant all on stock to " + PostgresServer.APP);
        SERVER.execute("insert into stock values ('apple', 10) on conflict do nothing");
    }

    @AfterEach
    void closePool() {
        service.run(stage -> stage.close("pool"));
        Rows.of(service).assertNoTrouble();
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"PG_SIMPLE_DATA_SOURCE", "DRIVER_MANAGER"})
    void both_ends_of_both_leaks_are_cleaned_up_and_the_late_owner_harms_nobody(Pool pool) {
        service.run(stage -> stage.put("pool", pool.open(PLAN)));
        String forgotten = service.ask(stage -> Customer.forget("forgetful", stage.get("pool", OpenPool.class)));
        String late = service.ask(stage -> stage.put(
                        "late", stage.get("pool", OpenPool.class).lendTo("late"))
                .ask(connection -> {
                    connection.setAutoCommit(false);
                    boolean unused = Customer.execute(connection, "update stock set amount = 9");
                    return Customer.pid(connection);
                }));
        Rows rows = Rows.of(service);
        await("one leaked, one stuck").atMost(ServiceJvm.DEADLINE).untilAsserted(() -> {
            assertThat(rows.ofPid(forgotten).verdict()).isEqualTo("leaked");
            assertThat(rows.ofPid(late).verdict()).isEqualTo("stuck");
        });
        assertThat(appleIsLocked()).isTrue();
        String forgottenId = rows.ofPid(forgotten).id();
        String lateId = rows.ofPid(late).id();

        assertFreed(List.of(service.backends().terminateLeaked(false)), forgottenId);
        assertGone(forgotten);
        if (pool == Pool.UCP) {
            assertRefusedWhileTheOwnerLives(lateId);
        }
        assertFreed(List.of(service.backends().terminate(lateId)), lateId);
        assertGone(late);
        assertThat(appleIsLocked()).isFalse();

        List<String> pids = List.of(borrowAtOnce("Anna"), borrowAtOnce("Boris"));
        assertThat(pids).doesNotHaveDuplicates().doesNotContain(forgotten, late);
        assertTheLateOwnerHarmsNobody(pids);

        service.run(stage -> {
            stage.get("Anna", Customer.class).leave();
            stage.get("Boris", Customer.class).leave();
        });
        await("nothing lent by the pool's own count")
                .atMost(ServiceJvm.DEADLINE)
                .until(() ->
                        service.call(stage -> stage.get("pool", OpenPool.class).active()) == 0);
        List<String> again = List.of(borrowAtOnce("Clara"), borrowAtOnce("David"));
        assertThat(again).doesNotHaveDuplicates();
    }

    private static void assertFreed(List<Receipt> receipts, String id) {
        assertThat(receipts).hasSize(1).first().satisfies(receipt -> {
            assertThat(receipt.outcome()).as(receipt.reason()).isEqualTo("GONE");
            assertThat(receipt.backend()).isEqualTo(id);
            assertThat(receipt.slotFreed()).isTrue();
        });
    }

    private static void assertGone(String pid) {
        assertThat(SERVER.column("select 1 from pg_stat_activity where pid = ?::int", pid))
                .isEmpty();
    }

    private static void assertRefusedWhileTheOwnerLives(String id) {
        Receipt receipt = service.backends().terminate(id);
        assertThat(receipt.outcome()).isEqualTo("REFUSED");
        assertThat(receipt.reason()).contains("living owner");
        service.run(stage -> stage.get("late", Customer.class).end());
    }

    /** The pool has a connection at once, not just before its timeout, and it works, twice. */
    private static String borrowAtOnce(String name) {
        return service.ask(stage -> {
            long began = System.nanoTime();
            Customer customer =
                    stage.put(name, stage.get("pool", OpenPool.class).lendTo(name));
            String pid = customer.ask(Customer::pid);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            if (took.toMillis() > PLAN.timeoutMillis() * 3 / 4) {
                throw new IllegalStateException("it took " + took);
            }
            return customer.ask(Customer::pid).equals(pid) ? pid : "another";
        });
    }

    private static void assertTheLateOwnerHarmsNobody(List<String> pids) {
        String transactions = service.ask(SlotsOfPoolsIT::begin);
        for (Customer.Use<?> statement : LATE_STATEMENTS) {
            assertThat(failureOfLateOwner(statement)).isEqualTo("SQLException");
        }
        for (Customer.Use<?> use : LATE_USES) {
            // Druid ignores some of these on a closed connection.
            assertThat(failureOfLateOwner(use)).isIn("SQLException", "nothing");
        }
        service.run(stage -> {
            Customer late = stage.get("late", Customer.class);
            late.leave();
            late.leave();
        });
        assertThat(service.ask(stage -> stage.get("pool", OpenPool.class).tryBorrow()))
                .as("a third borrow from a pool of two")
                .isEqualTo("null");
        assertThat(service.ask(stage -> both(stage, Customer::pid))).isEqualTo(pids.toString());
        assertThat(service.ask(stage -> both(stage, SlotsOfPoolsIT::transaction)))
                .isEqualTo(transactions);
        service.run(stage -> both(stage, connection -> {
            connection.rollback();
            connection.setAutoCommit(true);
            return "ended";
        }));
    }

    private static String failureOfLateOwner(Customer.Use<?> use) {
        return service.ask(stage -> {
            Customer late = stage.get("late", Customer.class);
            return late.isAlive() ? late.failureOf(use) : Customer.failure(late.connection(), use);
        });
    }

    private static final List<Customer.Use<?>> LATE_STATEMENTS =
            List.of(connection -> Customer.execute(connection, "select 1"), connection -> {
                connection.prepareStatement("select 1").execute();
                return null;
            });

    private static final List<Customer.Use<?>> LATE_USES = List.of(
            connection -> {
                connection.commit();
                return null;
            },
            connection -> {
                connection.rollback();
                return null;
            },
            connection -> {
                connection.setAutoCommit(true);
                return null;
            });

    private static String begin(Stage stage) {
        return both(stage, connection -> {
            connection.setAutoCommit(false);
            return transaction(connection);
        });
    }

    private static String transaction(Connection connection) throws SQLException {
        return Customer.query(connection, "select txid_current()");
    }

    private static String both(Stage stage, Customer.Use<String> use) {
        return List.of(
                        stage.get("Anna", Customer.class).ask(use),
                        stage.get("Boris", Customer.class).ask(use))
                .toString();
    }

    private static boolean appleIsLocked() {
        return SERVER.column("select item from stock for update skip locked").isEmpty();
    }
}
