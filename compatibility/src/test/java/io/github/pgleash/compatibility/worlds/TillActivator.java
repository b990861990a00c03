// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.postgresql.ds.PGSimpleDataSource;

/** A till as a bundle, with a pool from another and the driver from a third. It offers its deeds as services. */
public final class TillActivator implements BundleActivator {
    private @Nullable HikariDataSource pool;

    private interface Deed {
        int done() throws SQLException;
    }

    @Override
    public void start(BundleContext context) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(context.getProperty("till.url"));
        source.setUser(context.getProperty("till.user"));
        source.setPassword(context.getProperty("till.password"));
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(1);
        HikariDataSource opened = new HikariDataSource(config);
        pool = opened;
        offer(context, "count", () -> Till.count(opened));
        offer(context, "forget", () -> Till.forget(opened));
    }

    /** As a type of the JDK: of the bundle's own types, nobody outside knows. */
    private static void offer(BundleContext context, String name, Deed deed) {
        IntSupplier service = () -> {
            try {
                return deed.done();
            } catch (SQLException failed) {
                throw new IllegalStateException(failed);
            }
        };
        context.registerService(IntSupplier.class, service, FrameworkUtil.asDictionary(Map.of("name", name)));
    }

    @Override
    public void stop(BundleContext context) {
        if (pool != null) {
            pool.close();
        }
    }
}
