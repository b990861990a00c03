// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.track.Listing;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.Receipt;
import java.time.Duration;
import java.util.List;

/** One leak, from the tag of its backend to the slot that the pool gets back; each step is compared with the server. */
record Trial(World world, PostgresServer server) {
    /** What a service under trial is started with: thresholds that need no patience. */
    static final String OPTIONS = "app=shop,leak.after=200ms,patrol.interval=200ms";

    void play() {
        int first = world.count();
        assertThat(world.backends().getBorrowed()).as("returned").isZero();
        int pid = world.forget();
        assertThat(pid).as("the pool's only connection").isEqualTo(first);
        Onlooker onlooker = new Onlooker(server);
        onlooker.await(pid, "idle in transaction");
        assertThat(server.look("SELECT application_name FROM pg_stat_activity WHERE pid = ?", pid))
                .startsWith("shop@")
                .isEqualTo(world.backends().getTag());

        Backend backend = awaitLeaked(pid);
        assertThat(backend.id()).isEqualTo(onlooker.id(pid));
        assertThat(backend.state()).isEqualTo("idle in transaction");
        assertThat(backend.borrowedFrom()).startsWith(world.frame());
        assertThat(backend.owner()).startsWith(world.owner());
        assertThat(world.backends().getBorrowed()).as("one borrow, seen once").isEqualTo(1);

        assertThat(List.of(world.backends().terminateLeaked(false)))
                .singleElement()
                .satisfies(this::isDone)
                .extracting(Receipt::backend)
                .isEqualTo(backend.id());
        assertThat(onlooker.sees(backend.id())).isFalse();
        assertThat(world.count()).as("in the pool's only slot").isNotEqualTo(pid);
        assertThat(world.backends().getBorrowed()).isZero();
        assertThat(world.backends().getProblems()).isEmpty();
    }

    private Backend awaitLeaked(int pid) {
        await(pid + " is leaked")
                .atMost(ServiceJvm.DEADLINE)
                .pollDelay(Duration.ZERO)
                .untilAsserted(() ->
                        assertThat(row(pid).verdict()).as(row(pid).toString()).isEqualTo("leaked"));
        return row(pid);
    }

    private Backend row(int pid) {
        return Listing.of(world.backends()).row(Integer.toString(pid));
    }

    private void isDone(Receipt receipt) {
        assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("GONE");
        assertThat(receipt.slotFreed()).as(receipt.toString()).isTrue();
    }
}
