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
 */
final class OpenBorrows {
    private static final int LISTS = 1 << 6;

    private final Ends[] lists = new Ends[LISTS];

    private static final class Ends {
        volatile @Nullable Borrow youngest;
    }

    OpenBorrows() {
        for (int i = 0; i < LISTS; i++) {
            lists[i] = new Ends();
        }
    }

    private Ends ofOwner(long threadId) {
        return lists[(int) threadId & (LISTS - 1)];
    }

    void add(Borrow borrow) {
        Ends list = ofOwner(borrow.ownerId());
        synchronized (list) {
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
        Ends list = ofOwner(borrow.ownerId());
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
        for (Ends list : lists) {
            Borrow found = find(list, handle);
            if (found != null && (youngest == null || found.number() > youngest.number())) {
                youngest = found;
            }
        }
        return youngest;
    }

    private static @Nullable Borrow find(Ends list, Object handle) {
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
        for (Ends list : lists) {
            for (Borrow b = list.youngest; b != null; b = b.older) {
                all.add(b);
            }
        }
        return all;
    }
}
