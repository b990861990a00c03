// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.sql.SQLException;

/** A piece of work on the database. */
@FunctionalInterface
interface Job {
    void run() throws SQLException, InterruptedException;
}
