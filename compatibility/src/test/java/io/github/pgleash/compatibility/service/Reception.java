// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import io.github.pgleash.compatibility.service.Message.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Where the test waits for its service to call back, and lets nobody else in. */
final class Reception implements Closeable {
    private final String secret = UUID.randomUUID().toString();
    private final ServerSocket socket;

    Reception() throws IOException {
        socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    int port() {
        return socket.getLocalPort();
    }

    String secret() {
        return secret;
    }

    /** The link to the service, or the reason why there is none. */
    Link await(Process process, Duration deadline) throws IOException {
        socket.setSoTimeout(Math.toIntExact(deadline.toMillis()));
        CompletableFuture<Void> unused = process.onExit().thenRun(this::closeQuietly);
        try {
            Link link = new Link(socket.accept());
            Message hello = link.receive().orElseThrow(() -> new IOException("it hung up"));
            if (hello.kind() != Kind.HELLO || !secret.equals(hello.content().unpack())) {
                link.close();
                throw new IOException("somebody else connected");
            }
            return link;
        } catch (SocketException closed) {
            throw new IOException("it ended with status " + process.exitValue(), closed);
        } catch (ClassNotFoundException impossible) {
            throw new IOException(impossible);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException stillClosed) {
            // There is nobody left to wait for.
        }
    }
}
