package dev.xaabroker.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to Redis on which whatever is asked with a certain word in it is held up, and everything else is not. */
final class SlowLane implements AutoCloseable {

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger heldUp = new AtomicInteger();
    private final int redis;
    private final String word;
    private final Duration delay;

    SlowLane(int redis, String word, Duration delay) throws IOException {
        this.redis = redis;
        this.word = word;
        this.delay = delay;
        Thread.startVirtualThread(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    int heldUp() {
        return heldUp.get();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), redis);
                Thread.startVirtualThread(() -> pass(client, server, true));
                Thread.startVirtualThread(() -> pass(server, client, false));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void pass(Socket from, Socket to, boolean asking) {
        byte[] buffer = new byte[65_536];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (asking && new String(buffer, 0, read, StandardCharsets.ISO_8859_1).contains(word)) {
                    heldUp.incrementAndGet();
                    Thread.sleep(delay);
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException | InterruptedException over) {
            // The other side sees it.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
