// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.pools;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;

import io.github.pgleash.compatibility.server.PostgresServer;
import java.io.Serializable;

/** What every pool is told, in its own words. Otherwise pools are left at their defaults. */
record PoolPlan(String url, String user, String password, String name, int size, int timeoutMillis)
        implements Serializable {
    PoolPlan(PostgresServer server, int size) {
        this(server.url(), APP, SECRET, "orders-pool", size, 2_000);
    }

    PoolPlan withTimeoutMillis(int millis) {
        return new PoolPlan(url, user, password, name, size, millis);
    }
}
