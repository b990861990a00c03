// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import io.github.pgleash.connect.PgDriver;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Finds the driver's connection behind a pool's handle by following its fields, nearest first, and calls no method of
 * it: {@code unwrap} and {@code isWrapperFor} take locks, fail in some pools, and make Spring's lazy proxy take a
 * connection. Called when somebody asks, never at a borrow.
 */
final class Anatomy {
    private static final int DEEPEST = 7;
    private static final int MOST_OBJECTS = 300;

    private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            return readableFields(type);
        }
    };

    private Anatomy() {}

    /** Null where there is none, for instance not yet, or where the fields cannot be read. */
    static @Nullable Connection physical(Object handle) {
        Deque<Object> level = new ArrayDeque<>(List.of(handle));
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int depth = 0; depth <= DEEPEST && seen.size() < MOST_OBJECTS; depth++) {
            Deque<Object> next = new ArrayDeque<>();
            for (Object object : level) {
                if (PgDriver.isConnection(object.getClass())) {
                    return (Connection) object;
                }
                if (seen.add(object)) {
                    addParts(object, next);
                }
            }
            level = next;
        }
        return null;
    }

    private static void addParts(Object object, Deque<Object> parts) {
        if (object instanceof Proxy) {
            add(Proxy.getInvocationHandler(object), parts);
        } else if (object instanceof AtomicReference<?> reference) {
            add(reference.get(), parts);
        } else if (object instanceof Reference<?> reference) {
            add(reference.get(), parts);
        } else {
            for (Field field : FIELDS.get(object.getClass())) {
                try {
                    add(field.get(object), parts);
                } catch (IllegalAccessException | RuntimeException hidden) {
                    // it cannot be there, then
                }
            }
        }
    }

    /** Connections first: the way to the driver's leads through them rather than through the pool. */
    private static void add(@Nullable Object part, Deque<Object> parts) {
        if (part instanceof Connection) {
            parts.addFirst(part);
        } else if (part != null && isWorthALook(part)) {
            parts.addLast(part);
        }
    }

    /** Not into collections, strings and threads, where other connections of the pool may lie; nor into data sources. */
    private static boolean isWorthALook(Object part) {
        String name = part.getClass().getName();
        boolean platform = name.startsWith("java.")
                || name.startsWith("javax.")
                || name.startsWith("jdk.")
                || name.startsWith("sun.");
        return part instanceof InvocationHandler
                || part instanceof Reference
                || part instanceof AtomicReference
                || !(platform
                        || part.getClass().isArray()
                        || part.getClass().isEnum()
                        || part instanceof javax.sql.DataSource
                        || part instanceof Thread
                        || part instanceof ClassLoader
                        || part instanceof java.util.Collection
                        || part instanceof java.util.Map
                        || name.startsWith("org.slf4j.")
                        || name.startsWith("org.apache.juli."));
    }

    private static List<Field> readableFields(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            try {
                for (Field field : c.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())
                            && !field.getType().isPrimitive()
                            && field.trySetAccessible()) {
                        fields.add(field);
                    }
                }
            } catch (LinkageError | RuntimeException unreadable) {
                // a field's class is missing; go on with what there is
            }
        }
        return List.copyOf(fields);
    }
}
