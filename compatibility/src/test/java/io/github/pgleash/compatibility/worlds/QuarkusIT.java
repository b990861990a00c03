// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ProgramJvm;
import io.github.pgleash.compatibility.track.Listing;
import io.github.pgleash.jmx.Backend;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Quarkus application: Agroal, with Narayana as its transaction manager. */
final class QuarkusIT {
    private final PostgresServer server = PostgresServers.shared();

    @TempDir
    Path folder;

    @Test
    void a_leak_is_found_and_both_its_ends_are_cleaned_up() {
        try (QuarkusTill till = QuarkusTill.start(server, folder, ProgramJvm.agent(Trial.OPTIONS))) {
            new Trial(till, server).play();
            assertThat(till.program().stderr()).noneMatch(line -> line.startsWith("pgleash: "));
        }
    }

    @Test
    void a_branch_of_a_distributed_transaction_is_shown_and_left_alone() {
        String options = Trial.OPTIONS + ",idleInTransaction.after=200ms,action=terminate,action.after=200ms";
        try (QuarkusTill till = QuarkusTill.start(server, folder, ProgramJvm.agent(options))) {
            int pid = till.enlist();
            Onlooker onlooker = new Onlooker(server);
            onlooker.await(pid, "idle in transaction");
            String id = onlooker.id(pid);
            onlooker.awaitAge(pid, Duration.ofSeconds(2));
            Backend backend = Listing.of(till.backends()).row(Integer.toString(pid));
            assertThat(backend.notes()).contains("it takes part in distributed transactions");
            assertThat(backend.verdict()).isEqualTo("stuck");
            assertThat(backend.borrowedFrom())
                    .startsWith("io.github.pgleash.compatibility.quarkus.TillApplication.enlist(TillApplication.java:");
            assertThat(till.backends().terminateLeaked(false)).isEmpty();
            assertThat(till.backends().terminateIdleInTransaction(1, false))
                    .allSatisfy(receipt -> assertThat(receipt.outcome()).isEqualTo("REFUSED"));
            assertThat(onlooker.sees(id)).isTrue();
            assertThat(till.commit()).isEqualTo("committed");
            assertThat(onlooker.state(pid)).isEqualTo("idle");
        }
    }
}
