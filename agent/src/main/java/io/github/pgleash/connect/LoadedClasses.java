// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The classes that were loaded before the agent and want weaving.
 *
 * @param named classes that stand in the hook table by name
 * @param dataSources data sources, and those of their superclasses that declare {@code getConnection}
 */
record LoadedClasses(List<Class<?>> named, List<Class<?>> dataSources) {

    /** @param names internal names */
    static LoadedClasses of(Instrumentation instrumentation, Set<String> names) {
        List<Class<?>> named = new ArrayList<>();
        Class<?> dataSource = null;
        Class<?>[] all = instrumentation.getAllLoadedClasses();
        for (Class<?> loaded : all) {
            String name = loaded.getName();
            if (name.equals("javax.sql.DataSource")) {
                dataSource = loaded;
            } else if (names.contains(name.replace('.', '/')) && instrumentation.isModifiableClass(loaded)) {
                named.add(loaded);
            }
        }
        return new LoadedClasses(named, dataSource == null ? List.of() : dataSources(instrumentation, all, dataSource));
    }

    private static List<Class<?>> dataSources(Instrumentation instrumentation, Class<?>[] all, Class<?> dataSource) {
        List<Class<?>> found = new ArrayList<>();
        for (Class<?> loaded : all) {
            if (!loaded.isInterface() && dataSource.isAssignableFrom(loaded)) {
                for (Class<?> type = loaded; type != null && type != Object.class; type = type.getSuperclass()) {
                    if (!found.contains(type) && instrumentation.isModifiableClass(type)) {
                        found.add(type);
                    }
                }
            }
        }
        return found;
    }
}
