// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import io.github.pgleash.act.Problems;
import io.github.pgleash.act.Shutdown;
import io.github.pgleash.connect.ConnectionEvents;
import io.github.pgleash.connect.PgDriver;
import io.github.pgleash.tag.Tagger;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.ConnectionRegistry;
import io.github.pgleash.track.Farewells;
import io.github.pgleash.track.Origin;
import io.github.pgleash.track.Shortage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** One connection's way through the agent, on the application's thread: connect, tag, track. */
final class ConnectionFlow implements ConnectionEvents {
    private final @Nullable Tagger tagger;
    private final ConnectionRegistry registry;
    private final BorrowRegistry borrows;
    private final Farewells farewells;
    private final Shortage shortage;
    private final Problems problems;
    private volatile @Nullable Shutdown shutdown;

    /** @param tagger null with {@code tagging=off} */
    ConnectionFlow(
            @Nullable Tagger tagger,
            ConnectionRegistry registry,
            BorrowRegistry borrows,
            Farewells farewells,
            Shortage shortage,
            Problems problems) {
        this.tagger = tagger;
        this.registry = registry;
        this.borrows = borrows;
        this.farewells = farewells;
        this.shortage = shortage;
        this.problems = problems;
    }

    /** Who is told of connections that are about to be closed; nobody before this. Called by the patrol. */
    void serve(Shutdown atExit) {
        shutdown = atExit;
    }

    @Override
    public void opening(Connection connection, PgDriver driver, Properties info) {
        registry.opening(connection);
        if (tagger != null && concernsUs(info)) {
            tagger.tag(info, driver.sendsApplicationNameAtStartup());
        }
    }

    @Override
    public void opened(Connection connection, PgDriver driver, Properties info) {
        if (!concernsUs(info)) {
            return;
        }
        String tag = tagger == null ? null : tagger.tagIn(info);
        if (tag != null && !tag.equals(driver.applicationName(connection))) {
            setLate(connection, tag);
        }
        registry.opened(connection, driver, info, tag);
    }

    /** A driver that sent the name neither way, or a pooler that swallowed it: asked once, at the price of a round trip. */
    private void setLate(Connection connection, String tag) {
        try {
            connection.setClientInfo("ApplicationName", tag);
        } catch (SQLException refused) {
            problems.add("tag", "application_name could not be set: " + refused.getMessage());
        }
    }

    @Override
    public void closing(Connection connection) {
        Shutdown atExit = shutdown;
        if (atExit != null) {
            atExit.closing(connection);
        }
    }

    @Override
    public void closed(Connection connection) {
        registry.closed(connection);
    }

    @Override
    public void used(Connection connection) {
        registry.adopt(connection);
    }

    @Override
    public void enlisted(Connection connection) {
        registry.enlisted(connection);
    }

    @Override
    public long borrowing() {
        return borrows.ticket();
    }

    @Override
    public void borrowed(Object lender, Connection handle, long ticket) {
        borrows.borrowed(lender, handle, ticket);
    }

    @Override
    public void borrowFailed(Object lender, Throwable failure, long ticket) {
        // Where only our own login finds no slot, the application lacks nothing.
        if (!Origin.isOpeningControl()) {
            shortage.borrowFailed(failure);
        }
    }

    @Override
    public void failed(Object source, Throwable failure) {
        farewells.tell(source, failure);
    }

    @Override
    public boolean returning(Object handle) {
        return borrows.returning(handle);
    }

    private static boolean concernsUs(Properties info) {
        return !Origin.isControl(info) && !Tagger.isReplication(info);
    }
}
