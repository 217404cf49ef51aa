package dev.xaabroker.outbound;

import static dev.xaabroker.outbound.Bench.addresses;
import static dev.xaabroker.outbound.Bench.assertFails;
import static dev.xaabroker.outbound.Bench.inside;
import static dev.xaabroker.outbound.Bench.outside;
import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.outbound.OutboundException.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A name server that lies, and changes its mind between the check and the connection. */
@Timeout(60)
class RebindingTest {

    @TempDir
    Path folder;

    private final AtomicInteger lookups = new AtomicInteger();
    private volatile String[] answer = {"127.0.0.1"};
    private TlsPeer.Certificate certificate;
    private TlsPeer peer;
    private Bench bench;

    @BeforeEach
    void open() throws Exception {
        certificate = TlsPeer.Certificate.make(folder);
        peer = new TlsPeer(certificate).answering("/x", 200, "{}");
        bench = new Bench(Optional.of(certificate.pem()), false, this::lie);
    }

    @AfterEach
    void close() {
        bench.close();
        peer.close();
    }

    private InetAddress[] lie(String host) throws UnknownHostException {
        lookups.incrementAndGet();
        return addresses(answer);
    }

    @Test
    @Rules("K1")
    void connectsToTheAddressItCheckedAndAsksNobodyAgain() {
        // No name server in the world knows peer.test: a second, hidden lookup would fail.
        assertThat(bench.post(inside(), peer.url("/x")).status()).isEqualTo(200);
        assertThat(lookups).hasValue(1);
    }

    @Test
    @Rules("K1")
    void refusesANameOfWhichOneAddressIsForbidden() {
        for (String[] lie :
                new String[][] {{"1.1.1.1", "127.0.0.1"}, {"127.0.0.1", "1.1.1.1"}, {"1.1.1.1", "10.0.0.1"}}) {
            answer = lie;
            assertFails(Kind.REFUSED, () -> bench.post(outside(), peer.url("/x?canary")));
        }
        answer = new String[] {"127.0.0.1", "169.254.169.254"};
        assertFails(Kind.REFUSED, () -> bench.post(inside(), peer.url("/x?canary")));
        assertThat(peer.requests()).isZero();
    }

    @Test
    @Rules("K1")
    void refusesTheNewAddressEvenWhileAnOldConnectionIsOpen() {
        bench.post(inside(), peer.url("/x"));
        answer = new String[] {"169.254.169.254"};
        assertFails(Kind.REFUSED, () -> bench.post(inside(), peer.url("/x?canary")));
        assertThat(peer.requests()).isEqualTo(1);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    @Rules("K1")
    void doesNotTakeAnOldConnectionToAnAddressThatTheNameLeft() throws Exception {
        bench.post(inside(), peer.url("/x"));
        answer = new String[] {"127.0.0.2"};
        try (TlsPeer moved = new TlsPeer(certificate, "127.0.0.2", peer.port()).answering("/x", 200, "{}")) {
            bench.post(inside(), peer.url("/x"));
            assertThat(moved.requests()).isEqualTo(1);
        }
        assertThat(peer.requests()).isEqualTo(1);
    }

    @Test
    void reportsANameThatDoesNotResolveAsNotSent() {
        answer = new String[0];
        assertFails(Kind.NOT_SENT, () -> bench.post(inside(), peer.url("/x?canary")));
        answer = new String[] {"no.such.name.invalid"};
        assertFails(Kind.NOT_SENT, () -> bench.post(inside(), peer.url("/x?canary")));
    }
}
