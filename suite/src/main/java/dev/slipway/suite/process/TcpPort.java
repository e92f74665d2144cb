package dev.slipway.suite.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Ports of the loopback address.
public final class TcpPort {
    /// Below the range the kernel takes the ports of outgoing connections from: what is free now is free in a second
    /// too.
    private static final int LOWEST = 20_000;

    private static final int HIGHEST = 32_000;
    private static final int CONNECT_MILLIS = 500;
    private static final Set<Integer> GIVEN = new HashSet<>();

    private TcpPort() {}

    /// A port nobody listens on, never the same one twice in this JVM.
    public static synchronized int free() {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (!GIVEN.contains(port) && isFree(port)) {
                GIVEN.add(port);
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + LOWEST + " and " + HIGHEST);
    }

    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    public static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// @throws IOException when somebody listens there: a program that is only asked over its port would seem to be up
    public static void requireFree(int port) throws IOException {
        if (!isFree(port)) {
            throw new IOException("port " + port + " is taken by another program");
        }
    }
}
