// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.Running;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session that went on between our look and our act is not the one that was judged. */
final class MovedOnIT {
    private final PostgresServer server = PostgresServers.shared();
    private final Onlooker onlooker = new Onlooker(server);
    /** On the way of the control connection only. */
    private final Meddler meddler = Meddler.before(server);

    private final ServiceJvm service =
            ServiceJvm.plan().agent("app=hurried,control.url=" + meddler.url()).start();
    private final Sessions sessions = Sessions.of(service, server);

    @AfterEach
    void close() throws IOException {
        meddler.release();
        service.close();
        meddler.close();
    }

    @Test
    void a_late_cancel_does_not_hit_the_next_statement() {
        sessions.idle("door");
        sessions.query("door", "SELECT pg_advisory_lock(4711)::text");
        int pid = sessions.idle("orders");
        Running<@Nullable Void> first = sessions.start("orders", "SELECT pg_advisory_lock(4711)");
        onlooker.awaitLockWait(pid);

        meddler.hold("pg_cancel_backend");
        CompletableFuture<Receipt> cancel =
                asynchronously(() -> service.backends().cancel(Integer.toString(pid)));
        meddler.awaitHeld();
        sessions.close("door");
        first.join();
        sessions.start("orders", "SELECT pg_sleep(300)");
        onlooker.await(pid, "active");
        meddler.release();

        Receipt receipt = cancel.join();
        assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("REFUSED");
        assertThat(receipt.reason()).contains("went on");
        assertThat(onlooker.state(pid)).isEqualTo("active");
    }

    @Test
    void terminating_many_spares_one_whose_transaction_ended_meanwhile() {
        int leaked = sessions.idleInTransaction("leaked");
        int busy = sessions.idleInTransaction("busy");
        onlooker.awaitAge(leaked, Duration.ofMillis(1_100));
        onlooker.awaitAge(busy, Duration.ofMillis(1_100));

        meddler.hold("pg_terminate_backend");
        CompletableFuture<Receipt[]> terminate =
                asynchronously(() -> service.backends().terminateIdleInTransaction(1, false));
        meddler.awaitHeld();
        sessions.commit("busy");
        onlooker.await(busy, "idle");
        meddler.release();

        Receipt[] receipts = terminate.join();
        assertThat(onlooker.state(leaked)).isEqualTo(Onlooker.GONE);
        assertThat(onlooker.state(busy)).as(Arrays.toString(receipts)).isEqualTo("idle");
        assertThat(receipts).extracting(Receipt::outcome).containsExactly("GONE", "REFUSED");
    }

    private static <T> CompletableFuture<T> asynchronously(Supplier<T> request) {
        return CompletableFuture.supplyAsync(request);
    }
}
