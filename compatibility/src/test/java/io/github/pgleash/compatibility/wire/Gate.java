// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.wire;

/** Holds up whoever wants to pass while it is shut. */
final class Gate {
    private boolean shut;

    synchronized void shut() {
        shut = true;
    }

    synchronized void open() {
        shut = false;
        notifyAll();
    }

    synchronized void pass() throws InterruptedException {
        while (shut) {
            wait();
        }
    }
}
