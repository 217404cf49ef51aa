package dev.xaabroker.outbound;

import static dev.xaabroker.outbound.Bench.assertFails;
import static dev.xaabroker.outbound.Bench.inside;
import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.outbound.OutboundException.Kind;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where metadata requests may be sent on to. {@code inside.test} is link-local, all else is the peer. */
@Timeout(60)
class RedirectTest {

    @TempDir
    static Path folder;

    private static TlsPeer.Certificate certificate;

    private TlsPeer peer;
    private Bench bench;

    @BeforeAll
    static void certificate() throws Exception {
        certificate = TlsPeer.Certificate.make(folder);
    }

    @BeforeEach
    void open() throws Exception {
        peer = new TlsPeer(certificate);
        bench = new Bench(
                Optional.of(certificate.pem()),
                true,
                host -> Bench.addresses(host.equals("inside.test") ? "169.254.169.254" : "127.0.0.1"));
        peer.answering("/end", 200, "{\"issuer\":\"x\"}");
    }

    @AfterEach
    void close() {
        bench.close();
        peer.close();
    }

    @Test
    @Rules("K2")
    void followsTwoHopsForMetadata() {
        peer.redirecting("/one", 302, "/two").redirecting("/two", 307, peer.url("/end"));
        assertThat(metadata("/one").body()).contains("issuer");
    }

    @Test
    @Rules("K2")
    void refusesTheThirdHop() {
        peer.redirecting("/zero", 301, "/one").redirecting("/one", 302, "/two").redirecting("/two", 308, "/end");
        assertFails(Kind.UNUSABLE, () -> metadata("/zero"));
        assertThat(peer.requests()).isEqualTo(3);
    }

    @Test
    @Rules("K2")
    void neverLeavesHttps() throws Exception {
        try (RawPeer raw = RawPeer.answering()) {
            peer.redirecting("/one", 302, "http://127.0.0.1:" + raw.port() + "/canary");
            assertFails(Kind.REFUSED, () -> metadata("/one"));
            assertThat(raw.requests()).isZero();
        }
    }

    @Test
    @Rules({"K1", "K2"})
    void checksEachHopLikeTheFirst() {
        peer.redirecting("/link-local", 302, "https://inside.test/canary")
                .redirecting("/literal", 302, "https://169.254.169.254/canary")
                .redirecting("/octal", 302, "https://0177.0.0.1:" + peer.port() + "/end?canary")
                .redirecting("/userinfo", 302, "https://canary@peer.test:" + peer.port() + "/end")
                .redirecting("/fragment", 302, peer.url("/end#canary"))
                .redirecting("/malformed", 302, "https://peer.test/ canary")
                .redirecting("/other-name", 302, "https://wrong.test:" + peer.port() + "/end");
        for (String path : new String[] {"/link-local", "/octal", "/userinfo", "/fragment", "/malformed"}) {
            assertFails(Kind.REFUSED, () -> metadata(path));
        }
        assertFails(Kind.NOT_SENT, () -> metadata("/other-name"));
        assertThat(peer.requests()).as("requests that followed").isEqualTo(6);
    }

    @Test
    @Rules("K2")
    void refusesARedirectWithoutALocation() {
        peer.answering("/nowhere", 302, "").answering("/unchanged", 304, "");
        assertFails(Kind.UNUSABLE, () -> metadata("/nowhere"));
        assertFails(Kind.UNUSABLE, () -> metadata("/unchanged"));
    }

    private Answer metadata(String path) {
        return bench.outbound().getMetadata(inside(), peer.url(path));
    }
}
