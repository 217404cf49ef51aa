package dev.xaabroker.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.grant.Network;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.outbound.OutboundException.Kind;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The outbound client as the tests use it: names resolve as a test says, and every request carries canaries. */
final class Bench implements AutoCloseable {

    static final Map<String, String> HEADERS = Map.of("Authorization", "Basic canary");
    static final Map<String, String> FORM = new LinkedHashMap<>(Map.of("refresh_token", "canary"));

    private final Vertx vertx = Vertx.vertx();
    private final VertxOutbound outbound;

    Bench(Optional<Path> trust, boolean development, Resolver.Lookup lookup) {
        outbound = new VertxOutbound(vertx, new Config(development, trust), lookup);
    }

    private record Config(boolean development, Optional<Path> trustCertificates) implements OutboundConfig {}

    static Bench trusting(TlsPeer.Certificate certificate) {
        return new Bench(Optional.of(certificate.pem()), false, host -> addresses("127.0.0.1"));
    }

    static InetAddress[] addresses(String... literals) throws UnknownHostException {
        InetAddress[] addresses = new InetAddress[literals.length];
        for (int i = 0; i < literals.length; i++) {
            addresses[i] = InetAddress.getByName(literals[i]);
        }
        return addresses;
    }

    static Peer inside(Duration timeout, int maxConcurrent) {
        return new Peer("peer", Network.PRIVATE, timeout, maxConcurrent);
    }

    static Peer inside() {
        return inside(Duration.ofSeconds(10), 64);
    }

    static Peer outside() {
        return new Peer("peer", Network.PUBLIC, Duration.ofSeconds(10), 64);
    }

    Outbound outbound() {
        return outbound;
    }

    Answer post(Peer peer, String url) {
        return outbound.postForm(peer, url, HEADERS, FORM);
    }

    /** What a request failed with. No failure ever repeats what was sent. */
    static OutboundException assertFails(Kind kind, ThrowingCallable request) {
        OutboundException failed = catchThrowableOfType(OutboundException.class, request);
        assertThat(failed).as("should have failed with " + kind).isNotNull();
        assertThat(failed.kind()).as(failed.getMessage()).isEqualTo(kind);
        assertThat(failed).hasMessageNotContaining("canary").hasNoCause();
        return failed;
    }

    @Override
    public void close() {
        outbound.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
