// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.FakePostgres;
import io.github.pgleash.connect.PgDriver;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.track.ConnectionRegistry;
import io.github.pgleash.track.TrackedConnection;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Connections of the real driver to a server that is none, and rows as a real one would show them. */
public final class Backends implements AutoCloseable {
    public static final String TAG = "orders@client:1";

    public final ConnectionRegistry registry = new ConnectionRegistry();
    private final FakePostgres server = new FakePostgres();
    private final List<Connection> connections = new ArrayList<>();

    public Backends() throws IOException {}

    public String address() {
        return server.address();
    }

    public TrackedConnection open(int pid, @Nullable String tag) throws SQLException {
        Connection connection = server.connect(pid);
        connections.add(connection);
        return registry.opened(connection, PgDriver.of(connection.getClass()), FakePostgres.settings(), tag);
    }

    /** One that was open before the agent came. */
    public TrackedConnection adopt(int pid) throws SQLException {
        Connection connection = server.connect(pid);
        connections.add(connection);
        registry.adopt(connection);
        List<TrackedConnection> open = registry.open();
        return open.get(open.size() - 1);
    }

    /** An idle backend of the role and database that the connections have. */
    public static ActivityRow row(int pid, long backendStart, Duration age) {
        return row(pid, backendStart, age, "joe", "shop", TAG);
    }

    public static ActivityRow row(
            int pid,
            long backendStart,
            Duration age,
            @Nullable String role,
            @Nullable String database,
            @Nullable String applicationName) {
        return new ActivityRow(
                pid,
                backendStart,
                age,
                role,
                database,
                applicationName,
                "10.0.0.1",
                "idle",
                null,
                null,
                null,
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                "Client",
                "ClientRead",
                "select 'zecret'",
                null,
                false);
    }

    @Override
    public void close() throws IOException, SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
        server.close();
    }
}
