// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.judge;

import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.TrackedConnection;
import org.jspecify.annotations.Nullable;

/**
 * The join of the two sides: a connection of this JVM, who has it, its backend on the server, and what we think of it.
 *
 * @param borrow null when nobody has it; {@code loan} has its values of that moment
 * @param row null while the server's side is not known
 * @param trouble why the server could not be asked, so that its side is as of the last look; null when it answered
 */
public record Finding(
        TrackedConnection connection,
        @Nullable Borrow borrow,
        @Nullable Loan loan,
        @Nullable ActivityRow row,
        Verdict verdict,
        @Nullable String trouble) {

    public Finding(
            TrackedConnection connection,
            @Nullable Borrow borrow,
            @Nullable Loan loan,
            @Nullable ActivityRow row,
            Verdict verdict) {
        this(connection, borrow, loan, row, verdict, null);
    }

    /** Whether the server shows another {@code application_name} than the one we gave: the application changed it. */
    public boolean tagLost() {
        String tag = connection.tag();
        return tag != null && row != null && !tag.equals(row.applicationName());
    }
}
