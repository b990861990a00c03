// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The borrows that are open. They are linked to each other, so that one costs no memory beside itself, in lists by a hash
 * of their owners' ids: whoever returns a handle mostly borrowed it, and finds it in a list of few. A map by handle would
 * have to ask each new handle for its identity's hash, which alone takes as long as all of this.
 *
 * <p>Lists are read without a lock and changed under one, which is held for some nanoseconds: they grow at their young end
 * alone, and what was taken out still leads to what is older.
 *
 * <p>Threads of different lists write to nothing in common, the numbers included, which each list counts for itself. One
 * counter for all, or two lists on one cache line, would have them wait for each other's processors, and a borrow take
 * five times as long as it does.
 */
final class OpenBorrows {
    private static final int LISTS = 1 << 6;

    private final YoungEnd[] lists = new YoungEnd[LISTS];

    /** Where a list grows. */
    @SuppressWarnings("unused") // what keeps it away from the next
    private static final class YoungEnd {
        /** Of the last borrow that was put in: no other list's leaves the same rest, divided by how many there are. */
        volatile long number;

        volatile @Nullable Borrow youngest;

        // Two cache lines: processors fetch them in pairs.
        long unused1, unused2, unused3, unused4, unused5, unused6, unused7;
        long unused8, unused9, unused10, unused11, unused12, unused13, unused14;

        YoungEnd(int index) {
            number = index;
        }
    }

    OpenBorrows() {
        for (int i = 0; i < LISTS; i++) {
            lists[i] = new YoungEnd(i);
        }
    }

    private YoungEnd ofOwner(long threadId) {
        return lists[(int) threadId & (LISTS - 1)];
    }

    /** Every borrow of that thread from now on has a higher number. */
    long ticket(long threadId) {
        return ofOwner(threadId).number;
    }

    /** Gives it its number. */
    void add(Borrow borrow) {
        YoungEnd list = ofOwner(borrow.ownerId());
        synchronized (list) {
            long number = list.number + LISTS;
            list.number = number;
            borrow.number = number;
            Borrow older = list.youngest;
            borrow.older = older;
            if (older != null) {
                older.younger = borrow;
            }
            borrow.listed = true;
            list.youngest = borrow;
        }
    }

    /** Harmless when it was taken out before. */
    void remove(Borrow borrow) {
        YoungEnd list = ofOwner(borrow.ownerId());
        synchronized (list) {
            if (!borrow.listed) {
                return;
            }
            borrow.listed = false;
            Borrow older = borrow.older;
            Borrow younger = borrow.younger;
            if (older != null) {
                older.younger = younger;
            }
            if (younger != null) {
                younger.older = older;
                borrow.younger = null;
            } else {
                list.youngest = older;
            }
        }
    }

    /** Whether that thread has one with a higher number. */
    boolean hasSince(long threadId, long number) {
        for (Borrow b = ofOwner(threadId).youngest; b != null; b = b.older) {
            if (b.ownerId() == threadId) {
                return b.number() > number && b.isOpen();
            }
        }
        return false;
    }

    /** One of a handle among those whose owner is that thread, or has the same hash. */
    @Nullable
    Borrow findBeside(long threadId, Object handle) {
        return find(ofOwner(threadId), handle);
    }

    /** The youngest of a handle, whoever owns it; first those of that thread. */
    @Nullable
    Borrow find(long threadId, Object handle) {
        Borrow own = findBeside(threadId, handle);
        if (own != null) {
            return own;
        }
        Borrow youngest = null;
        for (YoungEnd list : lists) {
            Borrow found = find(list, handle);
            if (found != null && (youngest == null || found.isYoungerThan(youngest))) {
                youngest = found;
            }
        }
        return youngest;
    }

    private static @Nullable Borrow find(YoungEnd list, Object handle) {
        for (Borrow b = list.youngest; b != null; b = b.older) {
            if (b.isOf(handle)) {
                return b;
            }
        }
        return null;
    }

    /** All of them, in no order. */
    List<Borrow> all() {
        List<Borrow> all = new ArrayList<>();
        for (YoungEnd list : lists) {
            for (Borrow b = list.youngest; b != null; b = b.older) {
                all.add(b);
            }
        }
        return all;
    }
}
