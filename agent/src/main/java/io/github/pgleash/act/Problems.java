// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.track.Legible;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;

/**
 * What pgleash could not do, and why: for the {@code Problems} attribute, and one log line when a problem is new. The
 * same problem again is counted, not repeated. Bounded. Any thread.
 */
public final class Problems {
    private static final int REMEMBERED = 50;
    private static final int LONGEST = 2_000;

    private final Logger log;
    private final Map<String, Problem> problems = new LinkedHashMap<>();

    private record Problem(Instant first, Instant last, long times) {}

    public Problems(Logger log) {
        this.log = log;
    }

    /**
     * Notes that something could not be done.
     *
     * @param subject what it is about; with {@link #solved} a problem of that subject is forgotten
     * @param what happened, and the remedy
     */
    public void add(String subject, String what) {
        String text = Legible.of(subject + ": " + what, LONGEST);
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        boolean isNew;
        synchronized (problems) {
            Problem before = problems.remove(text);
            isNew = before == null;
            problems.put(
                    text, before == null ? new Problem(now, now, 1) : new Problem(before.first, now, before.times + 1));
            if (problems.size() > REMEMBERED) {
                problems.remove(problems.keySet().iterator().next());
            }
        }
        if (isNew) {
            log.warn(text);
        }
    }

    /** All is well again with that subject. */
    public void solved(String subject) {
        boolean some;
        synchronized (problems) {
            some = problems.keySet().removeIf(text -> text.startsWith(Legible.of(subject, LONGEST) + ": "));
        }
        if (some) {
            log.info("{}: works again", subject);
        }
    }

    /** Newest first. */
    public List<String> list() {
        List<String> lines = new ArrayList<>();
        synchronized (problems) {
            problems.forEach((text, problem) -> lines.add(problem.last + " " + text
                    + (problem.times == 1 ? "" : " (" + problem.times + " times since " + problem.first + ")")));
        }
        Collections.reverse(lines);
        return lines;
    }
}
