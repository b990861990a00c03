// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import io.github.pgleash.connect.Door;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection was borrowed. To note a stack is quick, to make text of it takes ten times as long; most borrows are
 * over before anybody asks. So it is noted by who borrows, and the patrol makes text of it if the borrow lasts: what is
 * noted keeps the class loaders of its frames, which text does not.
 */
final class BorrowStack {
    private static final int DEEPEST = 48;
    private static final String DOOR = Door.class.getName();

    private @Nullable Note note = new Note();
    private List<StackTraceElement> frames = List.of();

    /** Innermost first, what is below the door: above it is ours. Any thread. */
    synchronized List<StackTraceElement> frames() {
        if (note != null) {
            frames = belowDoor(note.getStackTrace());
            note = null;
        }
        return frames;
    }

    private static List<StackTraceElement> belowDoor(StackTraceElement[] all) {
        int door = 0;
        while (door < all.length && !isDoor(all[door])) {
            door++;
        }
        while (door < all.length && isDoor(all[door])) {
            door++;
        }
        return List.of(Arrays.copyOfRange(all, door, Math.min(all.length, door + DEEPEST)));
    }

    private static boolean isDoor(StackTraceElement frame) {
        return frame.getClassName().startsWith(DOOR);
    }

    @SuppressWarnings("serial") // it is never thrown
    private static final class Note extends Throwable {
        Note() {
            super(null, null, false, true);
        }
    }
}
