// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.stream.Stream;
import javax.sql.CommonDataSource;

/**
 * Whether a driver's connection that was just opened is the application's own, or a pool's that will lend it: a pool is
 * on the stack then. A pool is recognised by what it is, a class that is a data source or lies in one, and the known
 * pools' threads by their packages. Walks the stack, which opening a connection outweighs by far.
 */
final class PhysicalBorrows {
    private static final StackWalker WALKER = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);

    boolean isApplications(Object lender) {
        return WALKER.walk(frames -> !poolIsAmong(frames, lender.getClass()));
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
