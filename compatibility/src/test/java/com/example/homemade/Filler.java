// SPDX-License-Identifier: Apache-2.0
package com.example.homemade;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;

/** Opens connections in the background, as many as were ordered. */
final class Filler implements Runnable {
    private final Semaphore ordered = new Semaphore(0);
    private final String url;
    private final String user;
    private final String password;
    private final BlockingQueue<Connection> filled;
    private volatile boolean stopped;

    Filler(String url, String user, String password, BlockingQueue<Connection> filled) {
        this.url = url;
        this.user = user;
        this.password = password;
        this.filled = filled;
    }

    void order() {
        ordered.release();
    }

    void stop() {
        stopped = true;
        order();
    }

    @Override
    public void run() {
        while (!stopped) {
            ordered.acquireUninterruptibly();
            try {
                if (!stopped) {
                    filled.add(DriverManager.getConnection(url, user, password));
                }
            } catch (SQLException tryAgain) {
                order();
            }
        }
    }
}
