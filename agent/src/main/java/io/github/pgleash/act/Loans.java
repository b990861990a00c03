// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.judge.Loan;
import io.github.pgleash.judge.Loan.Whereabouts;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.Frames;
import io.github.pgleash.track.TrackedConnection;
import java.sql.Driver;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Looks at a borrow: who has it, and where that thread is now. Called by the patrol and JMX threads. */
final class Loans {
    private Loans() {}

    static Loan of(Borrow borrow, TrackedConnection connection, @Nullable ActivityRow row) {
        Object lender = borrow.lender();
        List<StackTraceElement> callers = callers(borrow.stack(), lender);
        Thread owner = borrow.owner();
        List<StackTraceElement> now = owner == null ? List.of() : List.of(owner.getStackTrace());
        return new Loan(
                borrow.number(),
                PoolNames.of(lender),
                !(lender instanceof Driver) && borrow.handle() != connection.connection(),
                borrow.ownerText(),
                whereabouts(owner, callers, now),
                ownerState(owner, now),
                borrow.age(System.nanoTime()),
                callers.isEmpty() ? null : Frames.text(callers.get(0)),
                exemption(connection, row));
    }

    /** Whether the thread that borrowed has ended, or is somewhere else by now. */
    static boolean ownerHasGone(Borrow borrow) {
        Thread owner = borrow.owner();
        List<StackTraceElement> now = owner == null ? List.of() : List.of(owner.getStackTrace());
        Whereabouts whereabouts = whereabouts(owner, callers(borrow.stack(), borrow.lender()), now);
        return whereabouts == Whereabouts.ENDED || whereabouts == Whereabouts.LEFT;
    }

    /** The application's frame that borrowed; null where the stack was not taken. Asks no pool. */
    static @Nullable String borrowedFrom(Borrow borrow) {
        List<StackTraceElement> callers = callers(borrow.stack(), borrow.lender());
        return callers.isEmpty() ? null : Frames.text(callers.get(0));
    }

    /**
     * The application's frames, innermost first; without its own ways to a connection, data sources around the pool or
     * helpers, all of which are called {@code getConnection}: each borrower has left those.
     */
    private static List<StackTraceElement> callers(List<StackTraceElement> stack, @Nullable Object lender) {
        List<StackTraceElement> all = applicationFrames(stack, lender);
        List<StackTraceElement> users = all.stream()
                .dropWhile(frame -> frame.getMethodName().equals("getConnection"))
                .toList();
        return users.isEmpty() ? all : users;
    }

    private static List<StackTraceElement> applicationFrames(List<StackTraceElement> stack, @Nullable Object lender) {
        List<StackTraceElement> callers = new ArrayList<>();
        String lenderClass = lender == null ? null : lender.getClass().getName();
        List<StackTraceElement> rest = stack;
        StackTraceElement frame = Frames.application(rest, lenderClass);
        while (frame != null) {
            if (callers.isEmpty() || !Frames.isSameMethod(callers.get(callers.size() - 1), frame)) {
                callers.add(frame);
            }
            rest = rest.subList(rest.indexOf(frame) + 1, rest.size());
            frame = Frames.application(rest, lenderClass);
        }
        return callers;
    }

    private static Whereabouts whereabouts(
            @Nullable Thread owner, List<StackTraceElement> callers, List<StackTraceElement> now) {
        if (owner == null || !owner.isAlive()) {
            return Whereabouts.ENDED;
        }
        if (callers.isEmpty()) {
            return Whereabouts.UNKNOWN;
        }
        // The outermost frame is where a thread spends its life; that it is still in there says nothing.
        boolean callerCounts = callers.size() > 2;
        boolean there = isIn(callers.get(0), now) || (callerCounts && isIn(callers.get(1), now));
        return there ? Whereabouts.STILL_THERE : Whereabouts.LEFT;
    }

    private static boolean isIn(StackTraceElement method, List<StackTraceElement> stack) {
        return stack.stream().anyMatch(frame -> Frames.isSameMethod(frame, method));
    }

    private static String ownerState(@Nullable Thread owner, List<StackTraceElement> now) {
        if (owner == null || !owner.isAlive()) {
            return "ended";
        }
        String state = owner.getState().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        StackTraceElement frame = Frames.application(now, null);
        StackTraceElement shown = frame != null || now.isEmpty() ? frame : now.get(0);
        return shown == null ? state : state + " in " + Frames.text(shown);
    }

    private static @Nullable String exemption(TrackedConnection connection, @Nullable ActivityRow row) {
        if (connection.isXa()) {
            return "it takes part in distributed transactions";
        }
        if (row != null && row.holdsAdvisoryLock()) {
            return "it holds an advisory lock";
        }
        if (row != null && row.listens()) {
            return "it listens for notifications";
        }
        return null;
    }
}
