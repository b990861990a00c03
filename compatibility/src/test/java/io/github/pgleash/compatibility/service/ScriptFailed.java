// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import org.jspecify.annotations.Nullable;

/** A script threw, inside the service. Its stack trace there is part of the message. */
public final class ScriptFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Failure failure;

    ScriptFailed(Failure failure) {
        super(failure.stackTrace());
        this.failure = failure;
    }

    /** Name of the exception's class. */
    public String type() {
        return failure.type();
    }

    /** The exception's own message. */
    public @Nullable String reason() {
        return failure.message();
    }

    /** SQLSTATE of the first SQLException among the exception and its causes. */
    public @Nullable String sqlState() {
        return failure.sqlState();
    }
}
