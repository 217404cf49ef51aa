package dev.xaabroker.outbound;

import static dev.xaabroker.outbound.Bench.assertFails;
import static dev.xaabroker.outbound.Bench.inside;
import static dev.xaabroker.outbound.Bench.outside;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpsExchange;
import dev.xaabroker.Rules;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.outbound.OutboundException.Kind;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.ExtendedSSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent and what is accepted, against a real https server. */
@Timeout(60)
class VertxOutboundTest {

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
        bench = Bench.trusting(certificate);
    }

    @AfterEach
    void close() {
        bench.close();
        peer.close();
    }

    @Test
    void postsAFormAndReturnsTheWholeAnswer() {
        AtomicReference<String> body = new AtomicReference<>();
        AtomicReference<Headers> headers = new AtomicReference<>();
        peer.on("/token", exchange -> {
            headers.set(exchange.getRequestHeaders());
            body.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.getResponseHeaders().add("Retry-After", "7");
            exchange.getResponseHeaders().add("Retry-After", "8");
            byte[] said = "{\"error\":\"größer\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(400, said.length);
            exchange.getResponseBody().write(said);
        });
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "a b");
        form.put("resource", "https://h/ä?x=1&y=+");

        Answer answer = bench.outbound()
                .postForm(inside(), peer.url("/token?x=1"), Map.of("Authorization", "Basic eDp5"), form);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"error\":\"größer\"}");
        assertThat(answer.header("retry-after")).contains("7");
        assertThat(body).hasValue("grant_type=a+b&resource=https%3A%2F%2Fh%2F%C3%A4%3Fx%3D1%26y%3D%2B");
        assertThat(headers.get().getFirst("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
        assertThat(headers.get().getFirst("Authorization")).isEqualTo("Basic eDp5");
        assertThat(headers.get().getFirst("User-Agent")).isEqualTo("xaa-broker");
        assertThat(headers.get().getFirst("Accept")).isEqualTo("application/json");
        assertThat(headers.get()).doesNotContainKey("Accept-encoding");
    }

    @Test
    void opensWhatIsProtectedWithTheToken() {
        AtomicReference<Headers> headers = new AtomicReference<>();
        peer.on("/userinfo", exchange -> {
            headers.set(exchange.getRequestHeaders());
            exchange.sendResponseHeaders(200, -1);
        });

        bench.outbound().getProtected(inside(), peer.url("/userinfo"), Secret.of("the-token"));

        assertThat(headers.get().getFirst("Authorization")).isEqualTo("Bearer the-token");
        assertThat(headers.get().getFirst("Accept")).isEqualTo("application/json");
    }

    @Test
    @Rules("K1")
    void keepsTheNameInHostAndSniWhileItConnectsToTheCheckedAddress() {
        AtomicReference<String> host = new AtomicReference<>();
        AtomicReference<String> sni = new AtomicReference<>();
        peer.on("/keys", exchange -> {
            host.set(exchange.getRequestHeaders().getFirst("Host"));
            ExtendedSSLSession session = (ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession();
            sni.set(session.getRequestedServerNames().toString());
            exchange.sendResponseHeaders(200, -1);
        });

        assertThat(bench.outbound().getKeys(inside(), peer.url("/keys")).status())
                .isEqualTo(200);

        assertThat(host).hasValue("peer.test:" + peer.port());
        assertThat(sni.get()).contains("peer.test");
    }

    @Test
    @Rules("K1")
    void sendsNothingToAServerWhoseCertificateNamesAnotherHost() {
        peer.answering("/token", 200, "{}");
        assertFails(Kind.NOT_SENT, () -> bench.post(inside(), "https://wrong.test:" + peer.port() + "/token"));
        assertThat(peer.requests()).isZero();
    }

    @Test
    @Rules("K1")
    void sendsNothingToAServerWhoseCertificateNobodyVouchesFor() {
        peer.answering("/token", 200, "{}");
        try (Bench doubting = new Bench(Optional.empty(), false, host -> Bench.addresses("127.0.0.1"))) {
            OutboundException failed =
                    assertFails(Kind.NOT_SENT, () -> doubting.post(inside(), peer.url("/token?canary")));
            assertThat(failed).hasMessageStartingWith("peer.test: no connection");
        }
        assertThat(peer.requests()).isZero();
    }

    @Test
    @Rules("K1")
    void neverConnectsToAPrivateAddressOfAPublicPeer() {
        peer.answering("/x", 200, "{}");
        assertFails(Kind.REFUSED, () -> bench.post(outside(), peer.url("/x?canary")));
        assertFails(Kind.REFUSED, () -> bench.outbound().getKeys(outside(), peer.url("/x?canary")));
        assertFails(Kind.REFUSED, () -> bench.outbound().getMetadata(outside(), peer.url("/x?canary")));
        assertFails(Kind.REFUSED, () -> bench.post(outside(), "https://127.0.0.1:" + peer.port() + "/x?canary"));
        assertThat(peer.requests()).isZero();
    }

    @Test
    @Rules("K1")
    void opensHttpInDevelopmentOnLoopbackOnly() throws Exception {
        try (RawPeer raw = RawPeer.answering();
                Bench developing = new Bench(Optional.empty(), true, InetAddress::getAllByName);
                Bench elsewhere = new Bench(Optional.empty(), true, host -> Bench.addresses("10.0.0.1"))) {
            String url = "http://127.0.0.1:" + raw.port() + "/x?canary";
            assertThat(developing.post(outside(), url).status()).isEqualTo(200);
            assertFails(Kind.REFUSED, () -> bench.post(inside(), url));
            assertFails(Kind.REFUSED, () -> elsewhere.post(inside(), "http://peer.test/x?canary"));
            assertThat(raw.requests()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308, 300, 304})
    @Rules("K2")
    void takesNoRedirectOnTokenAndKeyRequests(int status) {
        peer.redirecting("/from", status, peer.url("/to?canary")).answering("/to", 200, "{}");
        assertFails(Kind.UNUSABLE, () -> bench.post(inside(), peer.url("/from?canary")));
        assertFails(Kind.UNUSABLE, () -> bench.outbound().getKeys(inside(), peer.url("/from?canary")));
        assertFails(Kind.UNUSABLE, () -> bench.outbound()
                .getProtected(inside(), peer.url("/from?canary"), Secret.of("canary")));
        assertThat(peer.requests()).as("requests that followed").isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 256})
    @Rules("K2")
    void stopsReadingAnAnswerAboveItsCap(int kilobytes) {
        String atTheCap = "x".repeat(kilobytes * 1024);
        peer.answering("/fits", 200, atTheCap)
                .answering("/over", 200, atTheCap + "x")
                .on("/endless", exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    byte[] chunk = new byte[8192];
                    while (true) {
                        exchange.getResponseBody().write(chunk);
                    }
                });
        assertThat(get(kilobytes, "/fits").body()).hasSize(kilobytes * 1024);
        assertFails(Kind.UNUSABLE, () -> get(kilobytes, "/over"));
        assertFails(Kind.UNUSABLE, () -> get(kilobytes, "/endless"));
        assertThat(get(kilobytes, "/fits").status()).as("the client goes on").isEqualTo(200);
    }

    private Answer get(int kilobytes, String path) {
        return kilobytes == 64
                ? bench.post(inside(), peer.url(path + "?canary"))
                : bench.outbound().getMetadata(inside(), peer.url(path + "?canary"));
    }

    @Test
    @Rules("K2")
    void takesNoCompressedAnswer() {
        peer.on("/keys", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, 3);
            exchange.getResponseBody().write(new byte[3]);
        });
        assertFails(Kind.UNUSABLE, () -> bench.outbound().getKeys(inside(), peer.url("/keys")));
    }

    @Test
    void refusesAHeaderThatWouldSplitTheRequest() {
        peer.answering("/token", 200, "{}");
        Map<String, String> headers = Map.of("Authorization", "Basic canary\r\nX-Evil: canary");
        assertFails(Kind.REFUSED, () -> bench.outbound().postForm(inside(), peer.url("/token"), headers, Bench.FORM));
        assertThat(peer.requests()).isZero();
    }
}
