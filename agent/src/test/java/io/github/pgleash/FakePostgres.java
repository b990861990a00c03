// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * As much of a server as the driver needs for a connection: it answers the start-up packet, with a pid of the test's
 * choice, and nothing after that.
 */
public final class FakePostgres implements AutoCloseable {
    private static final int SSL_REQUEST = 80_877_103;

    private final ServerSocket listening;
    private final List<Socket> sessions = new CopyOnWriteArrayList<>();
    private volatile int nextPid = 100;

    public FakePostgres() throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "fake PostgreSQL");
        thread.setDaemon(true);
        thread.start();
    }

    /** {@code host:port}, as the driver tells it. */
    public String address() {
        return listening.getInetAddress().getHostAddress() + ":" + listening.getLocalPort();
    }

    public String url() {
        return "jdbc:postgresql://" + address() + "/shop";
    }

    /** Settings with which the driver is content with what this server can. */
    public static Properties settings() {
        Properties settings = new Properties();
        settings.setProperty("user", "joe");
        settings.setProperty("password", "zecret");
        settings.setProperty("sslmode", "disable");
        settings.setProperty("gssEncMode", "disable");
        settings.setProperty("assumeMinServerVersion", "9.0");
        return settings;
    }

    /** A connection of the real driver, to a backend of that pid. */
    public Connection connect(int pid) throws SQLException {
        return connect(pid, settings());
    }

    public Connection connect(int pid, Properties settings) throws SQLException {
        nextPid = pid;
        Connection connection = new org.postgresql.Driver().connect(url(), settings);
        if (connection == null) {
            throw new SQLException("the driver does not take " + url());
        }
        return connection;
    }

    /** The pid of whoever connects next. */
    public void pid(int pid) {
        nextPid = pid;
    }

    private void accept() {
        try {
            while (true) {
                Socket session = listening.accept();
                sessions.add(session);
                greet(session);
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void greet(Socket session) throws IOException {
        DataInputStream in = new DataInputStream(session.getInputStream());
        DataOutputStream out = new DataOutputStream(session.getOutputStream());
        int length = in.readInt();
        int code = in.readInt();
        if (code == SSL_REQUEST) {
            out.writeByte('N');
            length = in.readInt();
            in.readInt();
        }
        String[] startup = new String(in.readNBytes(length - 8), StandardCharsets.UTF_8).split("\0", -1);
        message(out, 'R', new byte[4]);
        parameter(out, "server_version", "18.6");
        parameter(out, "server_encoding", "UTF8");
        parameter(out, "client_encoding", "UTF8");
        parameter(out, "DateStyle", "ISO, MDY");
        parameter(out, "TimeZone", "UTC");
        parameter(out, "integer_datetimes", "on");
        parameter(out, "standard_conforming_strings", "on");
        for (int i = 0; i + 1 < startup.length; i += 2) {
            if (startup[i].equals("application_name")) {
                parameter(out, "application_name", startup[i + 1]);
            }
        }
        out.writeByte('K');
        out.writeInt(12);
        out.writeInt(nextPid);
        out.writeInt(7);
        message(out, 'Z', new byte[] {'I'});
        out.flush();
    }

    private static void parameter(DataOutputStream out, String name, String value) throws IOException {
        message(out, 'S', (name + "\0" + value + "\0").getBytes(StandardCharsets.UTF_8));
    }

    private static void message(DataOutputStream out, char kind, byte[] body) throws IOException {
        out.writeByte(kind);
        out.writeInt(4 + body.length);
        out.write(body);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket session : sessions) {
            session.close();
        }
    }
}
