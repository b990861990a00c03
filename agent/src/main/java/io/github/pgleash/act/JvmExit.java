// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

/** Whether the JVM exits, which Java lets nobody ask. */
final class JvmExit {
    private static final Thread NEVER_A_HOOK = new Thread(null, null, "pgleash no hook", 0, false);

    private JvmExit() {}

    /** From before the first shutdown hook is started on: Java refuses to touch its list of hooks then. */
    static boolean hasBegun() {
        try {
            Runtime.getRuntime().removeShutdownHook(NEVER_A_HOOK);
            return false;
        } catch (IllegalStateException exiting) {
            return true;
        }
    }
}
