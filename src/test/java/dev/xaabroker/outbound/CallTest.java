package dev.xaabroker.outbound;

import static dev.xaabroker.outbound.Bench.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.outbound.OutboundException.Kind;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CallTest {

    @TempDir
    Path folder;

    /** Without a connect time-out of Vert.x: only the call itself stands between a late handshake and a late request. */
    @Test
    @Rules("E4")
    void neverSendsOnAConnectionThatComesAfterItWasReportedAsNotSent() throws Exception {
        TlsPeer.Certificate certificate = TlsPeer.Certificate.make(folder);
        Vertx vertx = Vertx.vertx();
        HttpClient client = Client.create(vertx, Optional.of(certificate.pem()));
        try (TlsPeer peer = new TlsPeer(certificate).answering("/token", 200, "{}");
                ServerSocket gate = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            RequestOptions options = new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setSsl(true)
                    .setHost("peer.test")
                    .setPort(gate.getLocalPort())
                    .setURI("/token")
                    .setServer(SocketAddress.inetSocketAddress(gate.getLocalPort(), "127.0.0.1"));
            Call call = new Call(client, vertx.getOrCreateContext(), "peer.test", 1024);
            assertFails(
                    Kind.NOT_SENT,
                    () -> call.await(options, Buffer.buffer("canary"), Deadline.in(Duration.ofMillis(300))));

            try (Socket late = gate.accept();
                    Socket on = new Socket(InetAddress.getLoopbackAddress(), peer.port())) {
                Thread there = Thread.startVirtualThread(() -> pipe(late, on));
                Thread back = Thread.startVirtualThread(() -> pipe(on, late));
                // The handshake ends, and the request that nobody wants any more closes its connection.
                assertThat(there.join(Duration.ofSeconds(5)))
                        .as("connection closed")
                        .isTrue();
                on.close();
                back.join();
            }
            assertThat(peer.requests()).isZero();
        } finally {
            client.close();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static void pipe(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException closed) {
            // The test is over.
        }
    }
}
