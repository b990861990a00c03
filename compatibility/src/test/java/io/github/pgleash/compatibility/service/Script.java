// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What the service shall do, written as a lambda in the test. It travels: what it captures and what it returns must be
 * serializable, so copy a field into a local variable first, or the whole test class would have to travel, too.
 */
@FunctionalInterface
public interface Script<R extends @Nullable Object> extends Serializable {
    R run(Stage stage) throws Exception;

    /** The same as a script whose result is a text, made in the service, so that any result may be asked for. */
    default Script<String> asText() {
        return stage -> String.valueOf(run(stage));
    }

    /** A script without a result. */
    @FunctionalInterface
    interface Action extends Serializable {
        void run(Stage stage) throws Exception;

        /** The same as a script whose result is null. */
        default Script<@Nullable Void> asScript() {
            return stage -> {
                run(stage);
                return null;
            };
        }
    }
}
