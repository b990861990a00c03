// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.wire;

import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.server.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands on loopback in front of a server, passes everything on, and notes which messages went by, so that a bare driver
 * can be compared with one under the agent. It can also be a bad network. It reads the protocol as long as it is not
 * encrypted: use {@link #url()}, which asks for no encryption.
 */
public final class WireTap implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private volatile PostgresServer server;
    private final ServerSocket door;
    private final Gate gate = new Gate();
    private final List<TappedConnection> connections = new CopyOnWriteArrayList<>();
    private final List<Conversation> conversations = new CopyOnWriteArrayList<>();

    private WireTap(PostgresServer server, ServerSocket door) {
        this.server = server;
        this.door = door;
    }

    /** A tap in front of this server, on a port of its own. */
    public static WireTap before(PostgresServer server) {
        try {
            WireTap tap = new WireTap(server, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            Thread acceptor = new Thread(tap::accept, "tap-door");
            acceptor.setDaemon(true);
            acceptor.start();
            return tap;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public String host() {
        return door.getInetAddress().getHostAddress();
    }

    public int port() {
        return door.getLocalPort();
    }

    /** JDBC URL through the tap, without user and password. */
    public String url() {
        return "jdbc:postgresql://" + host() + ":" + port() + "/" + PostgresServer.SHOP
                + "?sslmode=disable&gssEncMode=disable";
    }

    /** What was said over each connection since the beginning, cancel requests among them. */
    public List<Conversation> conversations() {
        return List.copyOf(conversations);
    }

    /** What was said over the connection of that number, from 0; waits until it is there. */
    public Conversation conversation(int number) {
        await().atMost(DEADLINE).pollDelay(Duration.ZERO).until(() -> conversations.size() > number);
        return conversations.get(number);
    }

    /** From now on new connections lead to another server: what a failover behind one address looks like. */
    public void leadTo(PostgresServer other) {
        server = other;
    }

    /** Passes nothing on any more, in either direction; new connections get no answer. */
    public void stall() {
        gate.shut();
    }

    /** Passes on what was held up, and everything after it. */
    public void resume() {
        gate.open();
    }

    /** Resets all connections; new ones are welcome. */
    public void cut() throws IOException {
        for (TappedConnection connection : connections) {
            connection.cut();
        }
        connections.clear();
    }

    /** Tells the drivers that the server has closed; the server is not told anything. */
    public void halfClose() throws IOException {
        for (TappedConnection connection : connections) {
            connection.halfClose();
        }
    }

    @Override
    public void close() {
        try {
            door.close();
            gate.open();
            for (TappedConnection connection : connections) {
                connection.close();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void accept() {
        try {
            while (true) {
                connect(door.accept());
            }
        } catch (IOException closed) {
            // So is the tap.
        }
    }

    private void connect(Socket driver) throws IOException {
        try {
            Conversation conversation = new Conversation();
            TappedConnection connection =
                    new TappedConnection(driver, new Socket(server.host(), server.port()), gate, conversation);
            connections.add(connection);
            conversations.add(conversation);
            connection.start();
        } catch (IOException serverIsDown) {
            driver.close();
        }
    }
}
