// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import java.lang.reflect.Method;
import java.security.AccessController;
import java.util.StringJoiner;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Who calls an operation over JMX: the principals, where the connector authenticates, and the thread, which names the
 * client's address. JDK 17 knows the subject by {@code Subject.getSubject}, newer ones by {@code Subject.current}, and
 * JDK 25 throws at the former.
 */
final class Caller {
    private static final @Nullable Method CURRENT = current();

    private Caller() {}

    static String name() {
        Subject subject = subject();
        StringJoiner names = new StringJoiner(", ");
        if (subject != null) {
            subject.getPrincipals().forEach(principal -> names.add(OneLine.of(principal.getName())));
        }
        String who = names.length() == 0 ? "unauthenticated" : names.toString();
        return who + " (" + OneLine.of(Thread.currentThread().getName()) + ")";
    }

    private static @Nullable Subject subject() {
        try {
            return CURRENT == null ? beforeJava18() : (Subject) CURRENT.invoke(null);
        } catch (ReflectiveOperationException | RuntimeException unknown) {
            return null;
        }
    }

    @SuppressWarnings("removal")
    private static @Nullable Subject beforeJava18() {
        return Subject.getSubject(AccessController.getContext());
    }

    private static @Nullable Method current() {
        try {
            return Subject.class.getMethod("current");
        } catch (NoSuchMethodException beforeJava18) {
            return null;
        }
    }
}
