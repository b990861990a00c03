// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.wire;

/** Who sent a message. */
public enum Side {
    /** The driver. */
    FRONTEND,
    /** The server. */
    BACKEND
}
