// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.pools;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import java.util.List;
import java.util.stream.Stream;

/** What pgleash shows, looked at afresh. */
record Rows(BackendsMXBean backends, ServiceJvm service) {
    static Rows of(ServiceJvm service) {
        return new Rows(service.backends(), service);
    }

    List<Backend> all() {
        backends.refresh();
        return List.of(backends.getBackends());
    }

    List<Backend> borrowed() {
        return all().stream().filter(row -> row.owner() != null).toList();
    }

    Backend ofPid(String pid) {
        return all().stream()
                .filter(row -> Integer.toString(row.pid()).equals(pid))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row of pid " + pid + "\n" + backends.table()));
    }

    /** Nothing went wrong in the agent that it would tell. */
    void assertNoTrouble() {
        assertThat(Stream.concat(service.stderr().stream(), Stream.of(backends.getProblems())))
                .filteredOn(line -> line.matches(".*pgleash: (trouble|cannot|that was).*"))
                .isEmpty();
        assertThat(backends.getProblems()).isEmpty();
    }
}
