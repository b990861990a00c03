// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/** A key for an object that is told apart by identity and may be collected; pools' handles may not even have equals. */
final class WeakIdentity<T> extends WeakReference<T> {
    private final int hash;

    WeakIdentity(T object, @Nullable ReferenceQueue<? super T> collected) {
        super(object, collected);
        this.hash = System.identityHashCode(object);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof WeakIdentity<?> that)) {
            return false;
        }
        T mine = get();
        return mine != null && mine == that.get();
    }
}
