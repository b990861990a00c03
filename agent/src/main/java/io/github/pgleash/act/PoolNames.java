// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.track.Legible;
import java.lang.reflect.Method;
import java.sql.Driver;
import org.jspecify.annotations.Nullable;

/** What a pool calls itself: each kind has another getter for it. */
final class PoolNames {
    private static final String[] GETTERS = {
        "getPoolName", // HikariCP
        "getConnectionPoolName", // UCP
        "getDataSourceName", // c3p0
        "getName", // Tomcat, Druid, Vibur
    };

    private static final int LONGEST = 200;

    private PoolNames() {}

    static String of(@Nullable Object lender) {
        if (lender == null) {
            return "returned";
        }
        if (lender instanceof Driver) {
            return "none (DriverManager)";
        }
        for (String getter : GETTERS) {
            String name = call(lender, getter);
            if (name != null && !name.isBlank()) {
                return Legible.of(name, LONGEST);
            }
        }
        // Agroal's is called DataSource and nothing else.
        String simple = lender.getClass().getSimpleName();
        return simple.equals("DataSource") ? lender.getClass().getName() : simple;
    }

    private static @Nullable String call(Object lender, String getter) {
        try {
            Method method = lender.getClass().getMethod(getter);
            return method.getReturnType() == String.class && method.trySetAccessible()
                    ? (String) method.invoke(lender)
                    : null;
        } catch (ReflectiveOperationException | LinkageError | RuntimeException none) {
            return null;
        }
    }
}
