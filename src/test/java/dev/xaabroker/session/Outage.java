package dev.xaabroker.session;

import dev.xaabroker.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A PostgreSQL behind a line that can be cut, and is cut at first: refused at once, or silent. */
public final class Outage implements QuarkusTestResourceLifecycleManager {

    /** What the line does. */
    enum Line {
        WORKS,
        REFUSES,
        SILENT
    }

    private static volatile Line line = Line.REFUSES;
    private static final Set<Socket> OPEN = ConcurrentHashMap.newKeySet();

    private final PostgresResource postgres = new PostgresResource();
    private ServerSocket door;
    private int port;

    /** Changes the line. What was open is broken, or, for {@code SILENT}, left without an answer. */
    static void set(Line now) {
        line = now;
        if (now != Line.SILENT) {
            OPEN.forEach(Outage::close);
        }
    }

    @Override
    public Map<String, String> start() {
        line = Line.REFUSES;
        Map<String, String> config = new HashMap<>(postgres.start());
        String url = config.get("quarkus.datasource.jdbc.url");
        port = URI.create(url.substring("jdbc:".length())).getPort();
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread.ofVirtual().start(this::accept);
        config.put("quarkus.datasource.jdbc.url", url.replace(":" + port, ":" + door.getLocalPort()));
        return config;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket in = door.accept();
                OPEN.add(in);
                if (line == Line.REFUSES) {
                    close(in);
                } else {
                    Socket out = new Socket(InetAddress.getLoopbackAddress(), port);
                    OPEN.add(out);
                    Thread.ofVirtual().start(() -> pump(in, out));
                    Thread.ofVirtual().start(() -> pump(out, in));
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void pump(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try {
            for (int n = from.getInputStream().read(buffer);
                    n >= 0;
                    n = from.getInputStream().read(buffer)) {
                if (line == Line.WORKS) {
                    to.getOutputStream().write(buffer, 0, n);
                }
            }
        } catch (IOException broken) {
            // The other side goes too.
        }
        close(from);
        close(to);
    }

    private static void close(Socket socket) {
        OPEN.remove(socket);
        try {
            socket.close();
        } catch (IOException gone) {
            // As wanted.
        }
    }

    @Override
    public void stop() {
        try {
            if (door != null) {
                door.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            set(Line.REFUSES);
            postgres.stop();
        }
    }
}
