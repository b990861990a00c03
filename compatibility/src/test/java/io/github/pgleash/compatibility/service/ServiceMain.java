// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import io.github.pgleash.compatibility.service.Message.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * What runs in the service's JVM: does on the main thread, or on threads of their own, what the test sends, and ends
 * when the test says so or is gone.
 */
final class ServiceMain {
    private static final long LONGEST_EXIT_MILLIS = 30_000;

    private final Stage stage = new Stage();
    private final BlockingQueue<Message> calls = new LinkedBlockingQueue<>();
    private final Link link;

    private ServiceMain(Link link) {
        this.link = link;
    }

    /** Arguments: the port that the test listens on, and the secret to greet it with. */
    public static void main(String[] arguments) throws Exception {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        ServiceMain service = new ServiceMain(new Link(socket));
        service.link.send(new Message(0, Kind.HELLO, "", Parcel.pack(arguments[1])));
        Thread reader = new Thread(service::read, "service-link");
        reader.setDaemon(true);
        reader.start();
        service.serve();
    }

    private void read() {
        try {
            Optional<Message> message = link.receive();
            while (message.isPresent() && message.get().kind() != Kind.EXIT) {
                accept(message.get());
                message = link.receive();
            }
        } finally {
            exit();
        }
    }

    private void accept(Message message) {
        if (message.kind() == Kind.START) {
            new Thread(() -> run(message), message.thread()).start();
        } else {
            calls.add(message);
        }
    }

    private void serve() throws InterruptedException {
        while (!Thread.currentThread().isInterrupted()) {
            run(calls.take());
        }
    }

    private void run(Message request) {
        try {
            link.send(answer(request));
        } catch (IOException testIsGone) {
            // The reader sees it, too, and ends the JVM.
        }
    }

    /** Catches everything, so that the test gets an answer, and the main thread lives on. */
    private Message answer(Message request) throws IOException {
        try {
            Script<?> script =
                    (Script<?>) Objects.requireNonNull(request.content().unpack());
            @Nullable Object result = script.run(stage);
            return request.answer(Kind.RESULT, Parcel.pack(result));
        } catch (Throwable thrown) {
            return request.answer(Kind.FAILURE, Parcel.pack(Failure.of(thrown)));
        }
    }

    /** Orderly, with shutdown hooks; if they hang, the JVM is ended all the same, so that no test leaves one behind. */
    private static void exit() {
        Thread exit = new Thread(() -> System.exit(0), "service-exit");
        exit.start();
        try {
            exit.join(LONGEST_EXIT_MILLIS);
        } catch (InterruptedException stopWaiting) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }
}
