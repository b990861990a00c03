// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import io.github.pgleash.connect.Door;
import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import java.util.function.Function;
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
        return WALKER.walk(new Walk(lender.getClass(), isBesideDataSource));
    }

    private static boolean isDataSource(Class<?> type) {
        return CommonDataSource.class.isAssignableFrom(type)
                || CommonDataSource.class.isAssignableFrom(type.getNestHost());
    }

    /** One walk of the stack. A loop: the first use of a stream would take longer than the connection it is for. */
    private record Walk(Class<?> lender, Predicate<Class<?>> isBesideDataSource)
            implements Function<Stream<StackFrame>, Boolean> {
        @Override
        public Boolean apply(Stream<StackFrame> frames) {
            Class<?> caller = null;
            boolean pastDoor = false;
            for (Iterator<StackFrame> rest = frames.iterator(); rest.hasNext(); ) {
                Class<?> type = rest.next().getDeclaringClass();
                if (!type.isAssignableFrom(lender) && (isDataSource(type) || Frames.isPool(type.getName()))) {
                    return false;
                }
                boolean door = type.getNestHost() == Door.class;
                pastDoor = pastDoor || door;
                if (caller == null && pastDoor && !door && isCaller(type)) {
                    caller = type;
                }
            }
            return caller == null || !isBesideDataSource.test(caller);
        }

        /** Who asked for it: Spring's DataSourceUtils, which lie beside data sources, only pass it on. */
        private boolean isCaller(Class<?> type) {
            return !type.isAssignableFrom(lender) && !Frames.isGoBetween(type.getName());
        }
    }
}
