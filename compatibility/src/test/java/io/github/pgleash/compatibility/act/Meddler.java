// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.act;

import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.service.ServiceJvm;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/**
 * Stands on loopback between a driver and a server and arranges what chance seldom does: holds up one statement until
 * the test lets it go, or tells drivers another pid than the backend has, as poolers do. Expects no encryption.
 */
final class Meddler implements Closeable {
    private static final int CANCEL_REQUEST = 80877102;

    private final PostgresServer server;
    private final ServerSocket door;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final CountDownLatch holding = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile String held = "";
    private volatile int pid;
    private volatile boolean withoutPid;

    private Meddler(PostgresServer server, ServerSocket door) {
        this.server = server;
        this.door = door;
    }

    static Meddler before(PostgresServer server) {
        try {
            Meddler meddler = new Meddler(server, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            daemon(meddler::accept);
            return meddler;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** JDBC URL through here, without user and password. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + door.getLocalPort() + "/" + PostgresServer.SHOP
                + "?sslmode=disable&gssEncMode=disable";
    }

    /** Holds up the first message of a driver with this text in it, and all that come after it. */
    void hold(String text) {
        held = text;
    }

    /** Waits until it holds one. */
    void awaitHeld() {
        await().atMost(ServiceJvm.DEADLINE).pollDelay(Duration.ZERO).until(() -> holding.getCount() == 0);
    }

    /** Lets it go; nothing is held any more. */
    void release() {
        held = "";
        released.countDown();
    }

    /** From now on the drivers of new connections are told that this is their backend's pid. */
    void pretend(int otherPid) {
        pid = otherPid;
    }

    /** From now on the drivers of new connections are told no pid and no key, as by RDS Proxy. */
    void tellNoPid() {
        withoutPid = true;
    }

    @Override
    public void close() throws IOException {
        release();
        door.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket driver = door.accept();
                Socket onward = new Socket(server.host(), server.port());
                sockets.add(driver);
                sockets.add(onward);
                daemon(() -> forward(driver, onward, this::forwardFrontend));
                daemon(() -> forward(onward, driver, this::forwardBackend));
            }
        } catch (IOException closed) {
            // So is the meddler.
        }
    }

    private static void forward(Socket from, Socket to, Direction direction) {
        try (DataInputStream in = new DataInputStream(from.getInputStream());
                DataOutputStream out = new DataOutputStream(to.getOutputStream())) {
            direction.forward(in, out);
        } catch (IOException ended) {
            // One side has closed; closing the streams has told the other.
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** The first message of a driver has no type byte. */
    private void forwardFrontend(DataInputStream in, DataOutputStream out) throws IOException, InterruptedException {
        byte[] opening = in.readNBytes(in.readInt() - Integer.BYTES);
        out.writeInt(opening.length + Integer.BYTES);
        out.write(opening);
        if (ByteBuffer.wrap(opening).getInt() == CANCEL_REQUEST) {
            return;
        }
        while (true) {
            byte type = in.readByte();
            byte[] body = in.readNBytes(in.readInt() - Integer.BYTES);
            if (!held.isEmpty() && new String(body, StandardCharsets.UTF_8).contains(held)) {
                holding.countDown();
                released.await();
            }
            write(out, type, body);
        }
    }

    private void forwardBackend(DataInputStream in, DataOutputStream out) throws IOException {
        while (true) {
            byte type = in.readByte();
            byte[] body = in.readNBytes(in.readInt() - Integer.BYTES);
            if (type == 'K' && pid != 0) {
                ByteBuffer.wrap(body).putInt(pid);
            }
            if (type != 'K' || !withoutPid) {
                write(out, type, body);
            }
        }
    }

    private static void write(DataOutputStream out, byte type, byte[] body) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(1 + Integer.BYTES + body.length);
        message.put(type).putInt(Integer.BYTES + body.length).put(body);
        out.write(message.array());
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "meddler");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Direction {
        void forward(DataInputStream in, DataOutputStream out) throws IOException, InterruptedException;
    }
}
