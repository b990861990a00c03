// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.frameworks.webapp;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/**
 * Opens the pool of the application, or looks up the server's; cleans up when the application is stopped, as a proper
 * one does: its own pool is closed, the server's is closed by the server, and the driver leaves DriverManager.
 */
public final class ShopPool implements ServletContextListener {
    static final String POOL = "pool";

    @Override
    @SuppressWarnings("BanJNDI") // The name is the application's own.
    public void contextInitialized(ServletContextEvent started) {
        ServletContext context = started.getServletContext();
        String resource = context.getInitParameter("resource");
        try {
            DataSource pool = resource == null ? ownPool(context) : (DataSource) new InitialContext().lookup(resource);
            context.setAttribute(POOL, pool);
        } catch (NamingException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static DataSource ownPool(ServletContext context) {
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName("shop");
        pool.setDriverClassName("org.postgresql.Driver");
        pool.setJdbcUrl(context.getInitParameter("url"));
        pool.setUsername(context.getInitParameter("user"));
        pool.setPassword(context.getInitParameter("password"));
        pool.setMaximumPoolSize(1);
        return pool;
    }

    @Override
    public void contextDestroyed(ServletContextEvent stopped) {
        if (stopped.getServletContext().getAttribute(POOL) instanceof AutoCloseable own) {
            close(own);
        }
        for (Driver driver : Collections.list(DriverManager.getDrivers())) {
            if (driver.getClass().getClassLoader() == getClass().getClassLoader()) {
                deregister(driver);
            }
        }
    }

    /** HikariCP's; Tomcat's is not closeable, nor is it this application's to close. */
    private static void close(AutoCloseable pool) {
        try {
            pool.close();
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void deregister(Driver driver) {
        try {
            DriverManager.deregisterDriver(driver);
        } catch (SQLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
