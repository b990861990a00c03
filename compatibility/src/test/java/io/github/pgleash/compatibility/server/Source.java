// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.server;

import java.util.Optional;

/** Where a running server comes from. */
interface Source extends AutoCloseable {
    Address address();

    /** Present where the server's processes are ours to stop and start. */
    Optional<OwnProcess> ownProcess();

    /** Ends the server, if it was started for the tests. */
    @Override
    void close();
}
