// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import io.github.pgleash.jmx.BackendsMXBean;

/** A service with a pool of one connection, in whatever surroundings, as the trial sees it. */
interface World {
    /** Has it borrow the connection, begin a transaction, and not return it. Returns the backend's pid. */
    int forget();

    /** Has it borrow the connection, use it and return it. Returns the backend's pid. */
    int count();

    /** How the frame that the list shows for {@link #forget} begins. */
    String frame();

    /** How the name of the thread that forgets begins. */
    String owner();

    BackendsMXBean backends();
}
