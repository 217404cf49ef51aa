package dev.xaabroker.outbound;

import static dev.xaabroker.outbound.Bench.addresses;
import static dev.xaabroker.outbound.Bench.assertFails;
import static dev.xaabroker.outbound.Bench.inside;
import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.outbound.OutboundException.Kind;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whether a peer may have acted on a request that failed, and how long that takes to say. */
@Timeout(60)
class LostAnswerTest {

    private static final Duration TIMEOUT = Duration.ofMillis(600);
    private static final Peer HASTY = inside(TIMEOUT, 64);

    @TempDir
    Path folder;

    private final CountDownLatch over = new CountDownLatch(1);
    private final Bench bench = new Bench(Optional.empty(), true, InetAddress::getAllByName);

    @AfterEach
    void close() {
        over.countDown();
        bench.close();
    }

    @Test
    void reportsARefusedConnectionAsNotSent() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        assertFails(Kind.NOT_SENT, () -> bench.post(inside(), "http://127.0.0.1:" + closed + "/canary"));
    }

    @Test
    void reportsAnAnswerThatBreaksOffAsLost() throws Exception {
        for (String part : new String[] {
            "", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", "nonsense\r\n\r\n"
        }) {
            try (RawPeer raw = new RawPeer((request, out) -> {
                out.write(part.getBytes(StandardCharsets.US_ASCII));
                return false;
            })) {
                assertFails(Kind.LOST, () -> bench.post(inside(), raw.url("/canary")));
                assertThat(raw.requests()).isEqualTo(1);
            }
        }
    }

    @Test
    @Rules("E4")
    void neverSendsAPostAgainWhenAKeptConnectionBreaks() throws Exception {
        try (RawPeer raw = new RawPeer((request, out) -> request == 1 && RawPeer.answer(out))) {
            assertThat(bench.post(inside(), raw.url("/canary")).status()).isEqualTo(200);
            assertFails(Kind.LOST, () -> bench.post(inside(), raw.url("/canary")));
            assertThat(raw.requests()).isEqualTo(2);
        }
    }

    @Test
    @Rules("K2")
    void givesUpAtTheTimeOutHoweverThePeerStalls() throws Exception {
        try (RawPeer silent = new RawPeer((request, out) -> wait(1));
                RawPeer dripping = new RawPeer((request, out) -> {
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    do {
                        out.write('x');
                        out.flush();
                    } while (wait(20));
                    return false;
                })) {
            assertInTime(() -> assertFails(Kind.LOST, () -> bench.post(HASTY, silent.url("/canary"))));
            assertInTime(() -> assertFails(Kind.LOST, () -> bench.post(HASTY, dripping.url("/canary"))));
            assertInTime(
                    () -> assertFails(Kind.LOST, () -> bench.outbound().getMetadata(HASTY, dripping.url("/canary"))));
        }
    }

    /** Waits until the test is over, or for one {@code part}-th of a second; returns whether it goes on. */
    private boolean wait(int part) {
        try {
            return !over.await(part == 1 ? 60_000 : 1000 / part, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Test
    @Rules("K2")
    void countsTheNameServerIntoTheTimeOut() {
        try (Bench slow = new Bench(Optional.empty(), true, host -> {
            wait(1);
            return addresses("127.0.0.1");
        })) {
            assertInTime(() -> assertFails(Kind.NOT_SENT, () -> slow.post(HASTY, "https://peer.test/canary")));
        }
    }

    @Test
    @Rules("E4")
    void neverSendsLaterWhatItReportedAsNotSent() throws Exception {
        TlsPeer.Certificate certificate = TlsPeer.Certificate.make(folder);
        try (TlsPeer peer = new TlsPeer(certificate).answering("/token", 200, "{}");
                ServerSocket gate = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Bench trusting = Bench.trusting(certificate)) {
            String url = "https://peer.test:" + gate.getLocalPort() + "/token?canary";
            assertInTime(() -> assertFails(Kind.NOT_SENT, () -> trusting.post(HASTY, url)));
            // The handshake that nobody waits for any more completes only now.
            try (Socket late = gate.accept();
                    Socket on = new Socket(InetAddress.getLoopbackAddress(), peer.port())) {
                Thread there = Thread.startVirtualThread(() -> pipe(late, on));
                Thread back = Thread.startVirtualThread(() -> pipe(on, late));
                there.join(Duration.ofSeconds(2));
                back.join(Duration.ofSeconds(1));
            }
            assertThat(peer.requests()).isZero();
        }
    }

    private static void pipe(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (java.io.IOException closed) {
            // The test is over.
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void triesTheNextAddressWhenTheFirstDoesNotConnect() throws Exception {
        TlsPeer.Certificate certificate = TlsPeer.Certificate.make(folder);
        try (TlsPeer peer = new TlsPeer(certificate, "127.0.0.2", 0).answering("/x", 200, "{}");
                ServerSocket stuck = new ServerSocket(peer.port(), 50, InetAddress.getByName("127.0.0.3"));
                Bench trusting = new Bench(
                        Optional.of(certificate.pem()),
                        false,
                        host -> addresses(
                                host.equals("peer.test")
                                        ? new String[] {"127.0.0.1", "127.0.0.3", "127.0.0.2"}
                                        : new String[0]))) {
            assertThat(trusting.post(inside(Duration.ofSeconds(3), 1), peer.url("/x"))
                            .status())
                    .isEqualTo(200);
            assertThat(peer.requests()).isEqualTo(1);
            assertThat(stuck.isClosed()).isFalse();
        }
    }

    private static void assertInTime(ThrowingCallable request) {
        long began = System.nanoTime();
        org.assertj.core.api.Assertions.assertThatCode(request).doesNotThrowAnyException();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(TIMEOUT.plusSeconds(1));
    }
}
