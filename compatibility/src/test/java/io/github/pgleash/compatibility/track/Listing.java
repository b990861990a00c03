// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.track;

import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import java.util.List;
import java.util.Optional;

/** The backends that a service's MBean lists, right after it has asked the servers. */
public record Listing(List<Backend> backends) {
    public static Listing of(ServiceJvm service) {
        return of(service.backends());
    }

    /** Those of a service that is no {@link ServiceJvm}. */
    public static Listing of(BackendsMXBean bean) {
        bean.refresh();
        return new Listing(List.of(bean.getBackends()));
    }

    /** The one with that pid. */
    public Backend row(String pid) {
        return find(pid).orElseThrow(() -> new AssertionError("no pid " + pid + " among " + backends));
    }

    public boolean has(String pid) {
        return find(pid).isPresent();
    }

    private Optional<Backend> find(String pid) {
        return backends.stream()
                .filter(backend -> backend.pid() == Integer.parseInt(pid))
                .findFirst();
    }
}
