// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.rights;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;

/** An application's own socket factory: leads to one port, whatever host and port the URL says. */
public final class NamedSocketFactory extends SocketFactory {
    private static final AtomicInteger MADE = new AtomicInteger();

    private final int port;

    /** As the driver calls it, with {@code socketFactoryArg}. */
    public NamedSocketFactory(String port) {
        this.port = Integer.parseInt(port);
    }

    /** How many sockets the factories of this class loader have made. */
    static int made() {
        return MADE.get();
    }

    @Override
    public Socket createSocket() {
        MADE.incrementAndGet();
        return new Socket() {
            @Override
            public void connect(SocketAddress elsewhere, int timeout) throws IOException {
                super.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), timeout);
            }
        };
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException();
    }
}
