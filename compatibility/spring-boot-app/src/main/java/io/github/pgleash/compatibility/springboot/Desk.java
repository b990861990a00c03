// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.springboot;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import jakarta.annotation.PreDestroy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.task.TaskExecutor;
import org.springframework.stereotype.Component;

/** Reads {@code number command} lines and has each done by a thread of the application's executor. */
@Component
class Desk implements ApplicationRunner {
    private final TaskExecutor workers;
    private final OrderRepository orders;
    private final CheckoutService checkout;
    private final ReportService reports;
    private final HikariDataSource pool;
    private final AtomicInteger begun = new AtomicInteger();

    Desk(
            TaskExecutor workers,
            OrderRepository orders,
            CheckoutService checkout,
            ReportService reports,
            HikariDataSource pool) {
        this.workers = workers;
        this.orders = orders;
        this.checkout = checkout;
        this.reports = reports;
        this.pool = pool;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", 2);
            begun.incrementAndGet();
            workers.execute(() -> {
                System.out.println("answer " + words[0] + ": " + answer(words[1]));
                begun.decrementAndGet();
            });
        }
    }

    /** Before Spring closes the pool, which this one needs: what was begun is finished first, where that is wanted. */
    @PreDestroy
    void drain() throws InterruptedException {
        while (Boolean.getBoolean("shop.drain") && begun.get() > 0) {
            Thread.sleep(10);
        }
    }

    private String answer(String command) {
        try {
            return switch (command) {
                case "count" -> orders.count() + " orders";
                case "pay" -> checkout.pay() + " orders";
                case "export" -> reports.export();
                case "slow" -> orders.countSlowly(1.5) + " orders";
                case "sleep" -> orders.countSlowly(60) + " orders";
                case "pool" -> pool();
                case "logging" -> logging();
                default -> "what?";
            };
        } catch (Exception failed) {
            return failed.getClass().getName();
        }
    }

    private String pool() {
        HikariPoolMXBean bean = pool.getHikariPoolMXBean();
        return bean.getActiveConnections() + " active of " + bean.getTotalConnections();
    }

    private static String logging() {
        return LoggerFactory.getILoggerFactory().getClass().getName() + ", "
                + LogManager.getLogManager().getClass().getName() + " with "
                + LogManager.getLogManager()
                        .getLogger("")
                        .getHandlers()[0]
                        .getClass()
                        .getName();
    }
}
