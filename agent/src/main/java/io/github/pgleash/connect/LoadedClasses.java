// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;

/**
 * The classes that were loaded before the agent and want weaving.
 *
 * @param named classes that stand in the hook table by name
 * @param dataSources data sources, and those of their superclasses that declare {@code getConnection}
 */
record LoadedClasses(List<Class<?>> named, List<Class<?>> dataSources) {

    static LoadedClasses of(Instrumentation instrumentation) {
        List<Class<?>> named = new ArrayList<>();
        Class<?> dataSource = null;
        Class<?>[] all = instrumentation.getAllLoadedClasses();
        for (Class<?> loaded : all) {
            if (loaded.getClassLoader() == null) {
                continue; // the JDK's own, nearly all of them in premain; a driver there would not see java.sql
            }
            String name = loaded.getName();
            if (name.equals("javax.sql.DataSource")) {
                dataSource = loaded;
            } else if (Weaver.named(name.replace('.', '/')) != null && instrumentation.isModifiableClass(loaded)) {
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
