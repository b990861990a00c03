// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.rights;

import org.jspecify.annotations.Nullable;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;

/** Gets the password from elsewhere for each login, as plugins for the tokens of cloud providers do. */
public final class TokenPlugin implements AuthenticationPlugin {
    /** Elsewhere. */
    static final String TOKEN = "token.of.the.moment";

    @Override
    public char @Nullable [] getPassword(AuthenticationRequestType type) {
        return System.getProperty(TOKEN, "").toCharArray();
    }
}
