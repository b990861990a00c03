// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import io.github.pgleash.connect.ConnectionEvents;
import io.github.pgleash.connect.Door;
import io.github.pgleash.connect.PgDriver;
import io.github.pgleash.connect.Weaver;
import io.github.pgleash.options.Options;
import java.sql.Connection;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Behind the door until something happens: puts together at the first event what the application's threads need, starts
 * the patrol, and steps aside. The threads of the patrol and of the exit are made here, while the JVM starts, and not
 * where the first connection is opened: a thread inherits context
 * from the one that makes it, and that may be a web application's, which would never be unloaded then.
 */
final class FirstConnection implements ConnectionEvents {
    private final @Nullable Options options;
    private final Weaver weaver;
    private final PatrolThread patrol = new PatrolThread();
    private final ExitThread exit = new ExitThread();
    private volatile @Nullable ConnectionEvents assembled;

    /** @param options null where nobody has written any */
    FirstConnection(@Nullable Options options, Weaver weaver) {
        this.options = options;
        this.weaver = weaver;
    }

    @Override
    public void opening(Connection connection, PgDriver driver, Properties info) {
        assembled().opening(connection, driver, info);
    }

    @Override
    public void opened(Connection connection, PgDriver driver, Properties info) {
        assembled().opened(connection, driver, info);
    }

    @Override
    public void used(Connection connection) {
        assembled().used(connection);
    }

    /** Only borrows from now on are numbered: one that began before cannot be told from a nested one. */
    @Override
    public void borrowed(Object lender, Connection handle, long ticket) {
        assembled().borrowed(lender, handle, ticket);
    }

    @Override
    public void borrowFailed(Object lender, Throwable failure, long ticket) {
        assembled().borrowFailed(lender, failure, ticket);
    }

    /** Two threads may put it together at once; one of the two is used. */
    private ConnectionEvents assembled() {
        ConnectionEvents events = assembled;
        if (events != null) {
            return events;
        }
        Options read = options == null ? Options.defaults() : options;
        Tracking mine = Tracking.of(read, patrol, weaver);
        synchronized (this) {
            if (assembled != null) {
                return assembled;
            }
            assembled = mine.events();
        }
        if (read.shutdown()) {
            exit.register(mine.registry(), patrol, read.shutdownWait().toMillis());
        }
        patrol.start(read, mine, exit);
        Door.open(mine.events());
        return mine.events();
    }
}
