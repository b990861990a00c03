// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.CommonDataSource;

/**
 * The packages in which data sources lie: a class beside one is taken for a part of its pool, for instance the thread
 * that fills it. Names only, so that no class loader is kept.
 */
final class DataSourcePackages {
    private final Map<String, Set<String>> byPackage = new ConcurrentHashMap<>();

    /** A class that looks like a data source is being loaded. */
    void add(String internalName) {
        String name = internalName.replace('/', '.');
        byPackage
                .computeIfAbsent(packageOf(name), any -> ConcurrentHashMap.newKeySet())
                .add(name);
    }

    /** Whether a data source lies in the package of this class, as its class loader sees it. */
    boolean hasOneBeside(Class<?> type) {
        for (String name : byPackage.getOrDefault(type.getPackageName(), Set.of())) {
            if (isDataSource(name, type.getClassLoader())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDataSource(String name, ClassLoader loader) {
        try {
            return CommonDataSource.class.isAssignableFrom(Class.forName(name, false, loader));
        } catch (ClassNotFoundException | LinkageError anothers) {
            return false;
        }
    }

    private static String packageOf(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }
}
