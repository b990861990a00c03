// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import io.github.pgleash.connect.Door;
import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.sql.CommonDataSource;

/**
 * Whether a driver's connection that was just opened is the application's own, or a pool's that will lend it: a pool is
 * on the stack then. A pool is recognised by what it is, a class that is a data source or lies in one; the known pools'
 * threads by their packages; and those of any other by who calls the driver, a class from a data source's package. Walks
 * the stack, which opening a connection outweighs by far.
 */
final class PhysicalBorrows {
    private static final StackWalker WALKER = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);

    private final Predicate<Class<?>> isBesideDataSource;

    PhysicalBorrows(Predicate<Class<?>> isBesideDataSource) {
        this.isBesideDataSource = isBesideDataSource;
    }

    boolean isApplications(Object lender) {
        return WALKER.walk(frames -> !poolIsAmong(frames, lender.getClass()))
                && WALKER.walk(frames -> caller(frames, lender.getClass())
                        .filter(isBesideDataSource)
                        .isEmpty());
    }

    /** Who asked for it: Spring's DataSourceUtils, which lie beside data sources, only pass it on. */
    private static Optional<Class<?>> caller(Stream<StackFrame> frames, Class<?> lender) {
        return frames.<Class<?>>map(StackFrame::getDeclaringClass)
                .dropWhile(type -> type != Door.class)
                .dropWhile(type -> type.getNestHost() == Door.class)
                .filter(type -> !type.isAssignableFrom(lender) && !Frames.isGoBetween(type.getName()))
                .findFirst();
    }

    private static boolean poolIsAmong(Stream<StackFrame> frames, Class<?> lender) {
        return frames.anyMatch(frame -> {
            Class<?> type = frame.getDeclaringClass();
            return !type.isAssignableFrom(lender) && (isDataSource(type) || Frames.isPool(type.getName()));
        });
    }

    private static boolean isDataSource(Class<?> type) {
        return CommonDataSource.class.isAssignableFrom(type)
                || CommonDataSource.class.isAssignableFrom(type.getNestHost());
    }
}
