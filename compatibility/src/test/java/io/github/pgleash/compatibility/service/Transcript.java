// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a service has written to one of its two outputs, line by line as it comes. */
final class Transcript {
    private final String title;
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    private Transcript(String title) {
        this.title = title;
    }

    /** Reads to the end on a thread of its own, so that the service is never held up by a full pipe. */
    static Transcript of(String title, InputStream output) {
        Transcript transcript = new Transcript(title);
        Thread reader = new Thread(() -> transcript.read(output), title);
        reader.setDaemon(true);
        reader.start();
        return transcript;
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** The first line that has the pattern in it; waits for one that is not there yet. */
    synchronized String await(Pattern pattern, Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        Optional<String> found = first(pattern);
        while (found.isEmpty()) {
            long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (left <= 0 || ended) {
                throw new AssertionError("no line with " + pattern + " in " + this);
            }
            wait(left);
            found = first(pattern);
        }
        return found.get();
    }

    /** Waits until the service has closed this output. */
    synchronized void awaitEnd(Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        while (!ended) {
            long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    @Override
    public synchronized String toString() {
        StringBuilder text =
                new StringBuilder(title).append(", ").append(lines.size()).append(" lines");
        lines.forEach(line -> text.append("\n  | ").append(line));
        return text.toString();
    }

    private Optional<String> first(Pattern pattern) {
        return lines.stream().filter(line -> pattern.matcher(line).find()).findFirst();
    }

    private void read(InputStream output) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(output, UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException killed) {
            // As good as its end.
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        if (Boolean.getBoolean("pgleash.test.verbose")) {
            System.out.println(title + " | " + line);
        }
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }
}
