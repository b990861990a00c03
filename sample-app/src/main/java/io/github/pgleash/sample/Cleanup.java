// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends what was started, in reverse order, once: at the end, on failure, or when the JVM is told to stop. */
final class Cleanup implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cleanup.class);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private boolean closed;

    private Cleanup() {}

    /** Also runs when the JVM ends, by Ctrl-C or SIGTERM for instance; whoever comes second waits for the first. */
    static Cleanup alsoAtExit() {
        Cleanup cleanup = new Cleanup();
        Runtime.getRuntime().addShutdownHook(new Thread(cleanup::close, "cleanup"));
        return cleanup;
    }

    synchronized <T extends AutoCloseable> T add(T resource) {
        started.push(resource);
        if (closed) {
            close();
            throw new IllegalStateException("stopped while it was starting");
        }
        return resource;
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!started.isEmpty()) {
            AutoCloseable resource = started.pop();
            try {
                resource.close();
            } catch (Exception failure) {
                LOG.warn("could not stop {}: {}", resource, failure.getMessage());
            }
        }
    }
}
