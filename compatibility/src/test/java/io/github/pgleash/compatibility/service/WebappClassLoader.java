// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import java.net.URL;
import java.net.URLClassLoader;

/** Looks into its own jar first and then into the class path, as the class loader of a web application does. */
final class WebappClassLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    WebappClassLoader(URL jar) {
        super("webapp", new URL[] {jar}, ClassLoader.getSystemClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> type = findLoadedClass(name);
            if (type == null && findResource(name.replace('.', '/') + ".class") != null) {
                type = findClass(name);
            }
            return type == null ? super.loadClass(name, resolve) : type;
        }
    }
}
