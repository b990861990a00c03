// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.wire;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;

/** One connection through the tap: two sockets, and a thread for each direction. */
final class TappedConnection implements Closeable {
    private final Socket driver;
    private final Socket server;
    private final Gate gate;
    private final Conversation conversation;

    /** Set before an SSLRequest or GSSENCRequest is passed on: the server answers it with one byte. */
    private volatile boolean encryptionAsked;
    /** Set before a yes to it is passed on: what follows cannot be read. */
    private volatile boolean encrypted;
    /** Known to the driver's direction only. */
    private boolean started;

    TappedConnection(Socket driver, Socket server, Gate gate, Conversation conversation) throws IOException {
        this.driver = driver;
        this.server = server;
        this.gate = gate;
        this.conversation = conversation;
        driver.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    void start() {
        daemon("tap-frontend", () -> forward(driver, server, this::forwardFrontend));
        daemon("tap-backend", () -> forward(server, driver, this::forwardBackend));
    }

    /** Both sides see a reset. */
    void cut() throws IOException {
        for (Socket socket : List.of(driver, server)) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (SocketException closedBefore) {
                // by one of its ends, maybe in this moment
            }
        }
    }

    /** The driver sees the end of the stream, while the server still believes in the connection. */
    void halfClose() throws IOException {
        try {
            driver.shutdownOutput();
        } catch (SocketException closedBefore) {
            // by one of its ends, maybe in this moment
        }
    }

    @Override
    public void close() throws IOException {
        driver.close();
        server.close();
    }

    private void forward(Socket from, Socket to, Direction direction) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
                DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to.getOutputStream()))) {
            while (true) {
                direction.forward(in, out);
                out.flush();
            }
        } catch (IOException ended) {
            // One side has closed; closing the streams has told the other.
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until the StartupMessage, the driver's messages have no type byte. */
    private void forwardFrontend(DataInputStream in, DataOutputStream out) throws IOException, InterruptedException {
        in.mark(1);
        in.readByte();
        in.reset();
        if (encrypted) {
            forwardUnread(in, out);
        } else if (started) {
            forwardTyped(Side.FRONTEND, in, out);
        } else {
            int length = in.readInt();
            int code = in.readInt();
            byte[] body = in.readNBytes(length - 2 * Integer.BYTES);
            WireMessage message = WireMessage.opening(code, body);
            started = message.name().equals("StartupMessage");
            encryptionAsked =
                    message.name().equals("SSLRequest") || message.name().equals("GSSENCRequest");
            conversation.add(message);
            gate.pass();
            out.writeInt(length);
            out.writeInt(code);
            out.write(body);
        }
    }

    private void forwardBackend(DataInputStream in, DataOutputStream out) throws IOException, InterruptedException {
        in.mark(1);
        char first = (char) in.readByte();
        in.reset();
        if (encrypted) {
            forwardUnread(in, out);
        } else if (encryptionAsked) {
            in.readByte();
            encryptionAsked = false;
            encrypted = first == 'S' || first == 'G';
            conversation.add(WireMessage.encryptionAnswer(first));
            gate.pass();
            out.writeByte(first);
        } else {
            forwardTyped(Side.BACKEND, in, out);
        }
    }

    private void forwardTyped(Side side, DataInputStream in, DataOutputStream out)
            throws IOException, InterruptedException {
        byte type = in.readByte();
        int length = in.readInt();
        byte[] body = in.readNBytes(length - Integer.BYTES);
        conversation.add(WireMessage.typed(side, (char) type, body));
        gate.pass();
        out.writeByte(type);
        out.writeInt(length);
        out.write(body);
    }

    private void forwardUnread(DataInputStream in, DataOutputStream out) throws IOException, InterruptedException {
        byte[] bytes = in.readNBytes(Math.max(1, in.available()));
        gate.pass();
        out.write(bytes);
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Passes the next message on, or blocks. */
    private interface Direction {
        void forward(DataInputStream in, DataOutputStream out) throws IOException, InterruptedException;
    }
}
