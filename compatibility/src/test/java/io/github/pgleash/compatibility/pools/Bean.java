// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.pools;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An object of a class that the tests were not compiled with; used by the names of its methods. */
record Bean(Object object) {
    /** A new object, made by the constructor that takes this many arguments of these types. */
    static Bean create(ClassLoader jars, String type, Object... arguments) throws ReflectiveOperationException {
        for (var constructor : jars.loadClass(type).getConstructors()) {
            if (fit(constructor.getParameterTypes(), arguments)) {
                return new Bean(constructor.newInstance(arguments));
            }
        }
        throw new NoSuchMethodException(type + " has no such constructor");
    }

    /** What a static method returns. */
    static Bean callStatic(ClassLoader jars, String type, String method, Object... arguments)
            throws ReflectiveOperationException {
        return new Bean(Objects.requireNonNull(
                method(jars.loadClass(type), method, arguments).invoke(null, arguments)));
    }

    /** Calls {@code setName(value)}. */
    Bean set(String name, Object value) throws ReflectiveOperationException {
        String setter = "set" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
        @Nullable Object unused = call(setter, value);
        return this;
    }

    /** Calls a method, whatever it returns. */
    @Nullable
    Object call(String name, Object... arguments) throws ReflectiveOperationException {
        return method(object.getClass(), name, arguments).invoke(object, arguments);
    }

    /** The object that a method returns. */
    Bean get(String name, Object... arguments) throws ReflectiveOperationException {
        return new Bean(Objects.requireNonNull(call(name, arguments), name));
    }

    int number(String name) throws ReflectiveOperationException {
        return ((Number) get(name).object).intValue();
    }

    <T> T as(Class<T> type) {
        return type.cast(object);
    }

    private static Method method(Class<?> type, String name, Object... arguments) throws NoSuchMethodException {
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name) && fit(method.getParameterTypes(), arguments)) {
                method.setAccessible(true);
                return method;
            }
        }
        throw new NoSuchMethodException(type.getName() + "." + name);
    }

    private static boolean fit(Class<?>[] types, Object... arguments) {
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            if (!fits(types[i], arguments[i])) {
                return false;
            }
        }
        return true;
    }

    /** An int may become a long, as in a call that was compiled. */
    private static boolean fits(Class<?> type, Object argument) {
        if (!type.isPrimitive()) {
            return type.isInstance(argument);
        }
        Class<?> box = Array.get(Array.newInstance(type, 1), 0).getClass();
        return box.isInstance(argument) || (type == long.class && argument instanceof Integer);
    }
}
