// SPDX-License-Identifier: Apache-2.0
package liquibase;

import java.util.function.Supplier;

/** A frame of Liquibase's, as far as its name goes. */
public final class FakeMigration {
    private FakeMigration() {}

    public static <T> T call(Supplier<T> work) {
        return work.get();
    }
}
