// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import java.io.Closeable;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.Socket;
import java.util.Optional;

/** One end of the loopback connection between the test and the service. Any thread may send, one thread receives. */
final class Link implements Closeable {
    private final Socket socket;
    private final ObjectOutputStream out;
    private final ObjectInputStream in;

    Link(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.out = new ObjectOutputStream(socket.getOutputStream());
        out.flush();
        this.in = new ObjectInputStream(socket.getInputStream());
    }

    synchronized void send(Message message) throws IOException {
        out.writeObject(message);
        out.reset();
        out.flush();
    }

    /** The next message; empty when the other end is gone. */
    Optional<Message> receive() {
        try {
            return Optional.of((Message) in.readObject());
        } catch (IOException gone) {
            return Optional.empty();
        } catch (ClassNotFoundException impossible) {
            throw new IllegalStateException("both ends have the same classes", impossible);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
