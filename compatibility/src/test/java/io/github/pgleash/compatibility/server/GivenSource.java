// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.server;

import java.util.Optional;

/** A server that somebody else runs: only its address is known, and it is left running. */
record GivenSource(Address address) implements Source {
    @Override
    public Optional<OwnProcess> ownProcess() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
