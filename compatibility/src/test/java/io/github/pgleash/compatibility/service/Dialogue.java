// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import io.github.pgleash.compatibility.service.Message.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The test's side of the link: requests go out, and each answer finds the one who asked. */
final class Dialogue implements Closeable {
    private final Link link;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, CompletableFuture<@Nullable Object>> open = new ConcurrentHashMap<>();
    private volatile boolean ended;

    Dialogue(Link link) {
        this.link = link;
        Thread reader = new Thread(this::read, "service-answers");
        reader.setDaemon(true);
        reader.start();
    }

    <R extends @Nullable Object> Running<R> send(Kind kind, String thread, Script<R> script) {
        long id = ids.incrementAndGet();
        CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
        open.put(id, answer);
        try {
            link.send(new Message(id, kind, thread, Parcel.pack(script)));
        } catch (IOException failed) {
            open.remove(id);
            throw new UncheckedIOException(
                    "the script could not be sent: it captures what is not serializable, or the service has ended",
                    failed);
        }
        if (ended) {
            failOpen();
        }
        return new Running<>(thread, answer);
    }

    /** Asks the service to end; no matter if it has. */
    void exit() {
        try {
            link.send(new Message(0, Kind.EXIT, "", Parcel.pack(null)));
        } catch (IOException hasEnded) {
            // Which is what was wanted.
        }
    }

    @Override
    public void close() {
        try {
            link.close();
        } catch (IOException stillClosed) {
            // There is nobody left to talk to.
        }
    }

    private void read() {
        try {
            for (Optional<Message> answer = link.receive(); answer.isPresent(); answer = link.receive()) {
                deliver(answer.get());
            }
        } finally {
            ended = true;
            failOpen();
        }
    }

    private void deliver(Message answer) {
        CompletableFuture<@Nullable Object> asked = Objects.requireNonNull(open.remove(answer.id()));
        try {
            @Nullable Object content = answer.content().unpack();
            if (content instanceof Failure failure && answer.kind() == Kind.FAILURE) {
                asked.completeExceptionally(new ScriptFailed(failure));
            } else {
                asked.complete(content);
            }
        } catch (IOException | ClassNotFoundException unreadable) {
            asked.completeExceptionally(unreadable);
        }
    }

    private void failOpen() {
        open.values()
                .forEach(asked -> asked.completeExceptionally(
                        new IllegalStateException("the service ended before the script did")));
    }
}
