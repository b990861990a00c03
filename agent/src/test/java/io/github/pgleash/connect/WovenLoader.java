// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** A copy of the driver of its own, woven; verified by the JVM as any application's classes. */
class WovenLoader extends ClassLoader {
    private final List<String> own;
    private final Map<String, byte[]> woven = new HashMap<>();

    /**
     * @param seesDoor whether {@link Door} is to be found through this loader
     * @param own beginnings of the names of the classes that it loads itself
     */
    WovenLoader(boolean seesDoor, String... own) {
        super(seesDoor ? WovenLoader.class.getClassLoader() : ClassLoader.getPlatformClassLoader());
        this.own = List.of(own);
    }

    /** Weaves with what the table has for the class. */
    WovenLoader weave(String className, boolean near) throws IOException {
        String internal = className.replace('.', '/');
        return weave(className, HookPoint.byClass().getOrDefault(internal, List.of()), near);
    }

    WovenLoader weave(String className, List<HookPoint> points, boolean near) throws IOException {
        return define(className, Objects.requireNonNull(Loom.weave(bytes(className), points, near), className));
    }

    /** A class that has no file, or another one than on the class path. */
    WovenLoader define(String className, byte[] bytes) {
        woven.put(className, bytes);
        return this;
    }

    static byte[] bytes(String className) throws IOException {
        try (InputStream in =
                WovenLoader.class.getClassLoader().getResourceAsStream(className.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new IOException("no class " + className);
            }
            return in.readAllBytes();
        }
    }

    Connection connect(String url, Properties settings) throws Exception {
        Driver driver = (Driver)
                loadClass("org.postgresql.Driver").getDeclaredConstructor().newInstance();
        Connection connection = driver.connect(url, settings);
        if (connection == null) {
            throw new SQLException("the driver does not take " + url);
        }
        return connection;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (own.stream().noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try {
                byte[] mine = woven.get(name);
                byte[] bytes = mine == null ? bytes(name) : mine;
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException missing) {
                throw new ClassNotFoundException(name, missing);
            }
        }
    }
}
