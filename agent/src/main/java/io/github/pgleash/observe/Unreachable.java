// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * No control connection could be had: the server has no slot left, does not answer, or does not let us in. So nothing was
 * asked and nothing done.
 */
public final class Unreachable extends SQLException {
    private static final long serialVersionUID = 1;
    private static final String TOO_MANY_CONNECTIONS = "53300";

    Unreachable(SQLException reason) {
        super(reason.getMessage(), reason.getSQLState(), reason);
    }

    /** Whether the server refused for want of a slot, so that it may have one in a moment. */
    public boolean isForWantOfASlot() {
        @Nullable String state = getSQLState();
        return TOO_MANY_CONNECTIONS.equals(state);
    }
}
