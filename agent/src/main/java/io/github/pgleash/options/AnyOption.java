// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.options;

import java.util.Enumeration;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Whether a user has written any option at all. Where not, premain is spared the dozen classes that read and check them.
 */
public final class AnyOption {
    private AnyOption() {}

    /** @param arguments of the agent */
    public static boolean isGiven(@Nullable String arguments) {
        return isGiven(arguments, System.getProperties(), System.getenv());
    }

    static boolean isGiven(@Nullable String arguments, Properties system, Map<String, String> environment) {
        if (arguments != null && !arguments.isEmpty()) {
            return true;
        }
        for (Enumeration<Object> keys = system.keys(); keys.hasMoreElements(); ) {
            if (keys.nextElement() instanceof String name && name.startsWith(OptionSources.PREFIX)) {
                return true;
            }
        }
        for (String name : environment.keySet()) {
            if (name.startsWith(OptionSources.ENVIRONMENT_PREFIX)) {
                return true;
            }
        }
        return false;
    }
}
