// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs each job on a thread of its own, and says in one line when it fails. */
final class Jobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

    private final AtomicInteger number = new AtomicInteger();
    private volatile boolean closing;

    void start(String name, Job job) {
        Thread thread = new Thread(() -> run(job), name + "-" + number.incrementAndGet());
        // Some of them never end; they must not keep the JVM alive.
        thread.setDaemon(true);
        thread.start();
    }

    /** From now on failures are expected: the pool closes under the jobs. */
    @Override
    public void close() {
        closing = true;
    }

    private void run(Job job) {
        try {
            job.run();
        } catch (SQLException failure) {
            if (!closing) {
                LOG.warn("ended with SQLSTATE {}: {}", failure.getSQLState(), firstLine(failure));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static String firstLine(SQLException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no message");
    }
}
