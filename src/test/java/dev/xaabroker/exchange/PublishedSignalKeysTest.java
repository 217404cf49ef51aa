package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.LoopbackPeer.Reply;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Signals;
import dev.xaabroker.grant.Signals.Way;
import dev.xaabroker.keys.JwtRejected;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose keys are believed for a signal. */
class PublishedSignalKeysTest {

    private static final String CONFIGURATION = "/.well-known/ssf-configuration";
    private static final String THEIRS = "{\"keys\":[],\"of\":\"the transmitter\"}";

    private record Config(
            Duration unreachableFor,
            Duration absentFor,
            Duration refreshInterval,
            Duration circuitOpen,
            int idpRequestsPerMinute)
            implements ExchangeConfig {}

    private final World world = new World();
    private final LoopbackPeer transmitter = new LoopbackPeer();
    private final ExchangeConfig config = new Config(
            Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofMinutes(1), 6000);
    private final PlainOutbound outbound = new PlainOutbound();
    private final SignalKeys keys = new PublishedSignalKeys(
            new KeySets(outbound, world.discovery, world.clock, config),
            new Transmitters(outbound, world.clock, config));

    @AfterEach
    void close() {
        world.close();
        transmitter.close();
    }

    private IdentityProviderEntry idp(String transmitterIssuer) {
        IdentityProviderEntry entry = world.idpEntry();
        return new IdentityProviderEntry(
                entry.tenant(),
                entry.name(),
                entry.issuer(),
                entry.status(),
                entry.profile(),
                entry.strategy(),
                entry.recheck(),
                entry.claims(),
                entry.sendResource(),
                entry.sendScope(),
                entry.resourcePinned(),
                entry.tokenEndpointOrigins(),
                entry.peer(),
                new Signals(Set.of(Way.SSF), Signals.Ssf.of(transmitterIssuer, "acme")));
    }

    private void publishes(String at, String issuer, Map<String, ?> more) {
        Map<String, Object> document = new HashMap<>(more);
        document.put("issuer", issuer);
        document.values().removeIf(""::equals);
        transmitter.on(at, Reply.json(200, document));
        transmitter.on("/their-keys", new Reply(200, Map.of(), THEIRS));
    }

    private String keysOfTheTransmitter(String issuer) {
        return keys.byTransmitter(idp(issuer), jwks -> jwks);
    }

    @Test
    @Rules("H5")
    void takesTheTransmittersOwnKeys() {
        publishes(CONFIGURATION, transmitter.url(), Map.of("jwks_uri", transmitter.url() + "/their-keys"));

        assertThat(keysOfTheTransmitter(transmitter.url())).isEqualTo(THEIRS);
        assertThat(keysOfTheTransmitter(transmitter.url())).isEqualTo(THEIRS);
        assertThat(transmitter.paths()).containsExactly(CONFIGURATION, "/their-keys");
    }

    @Test
    @Rules("H5")
    void looksBetweenHostAndPath() {
        String issuer = transmitter.url() + "/tenants/acme/";
        publishes(CONFIGURATION + "/tenants/acme", issuer, Map.of("jwks_uri", transmitter.url() + "/their-keys"));

        assertThat(keysOfTheTransmitter(issuer)).isEqualTo(THEIRS);
    }

    @Test
    @Rules("H5")
    void withoutAConfigurationTheIdentityProviderIsBelievedOnlyAsItsOwnTransmitter() {
        assertThat(keysOfTheTransmitter(world.idp.issuer())).isEqualTo(world.idp.jwks);

        assertThat(World.failure(() -> keysOfTheTransmitter(transmitter.url()))).isInstanceOf(Failure.PeerFault.class);
    }

    @Test
    @Rules({"H5", "D6"})
    void aConfigurationThatClaimsAnotherIssuerIsNotUsed() {
        publishes(CONFIGURATION, transmitter.url() + "/", Map.of("jwks_uri", transmitter.url() + "/their-keys"));

        assertThat(World.failure(() -> keysOfTheTransmitter(transmitter.url()))).isInstanceOf(Failure.PeerFault.class);
        assertThat(transmitter.paths()).doesNotContain("/their-keys");
    }

    @Test
    void aTransmitterThatIsDownIsWaitedFor() {
        transmitter.on(CONFIGURATION, new Reply(503, Map.of("Retry-After", "7"), ""));

        assertThat(World.failure(() -> keysOfTheTransmitter(transmitter.url())))
                .isInstanceOf(Failure.Unavailable.class);
    }

    @Test
    @Rules("H8")
    void knowsWhichMembersOfASubjectAreCritical() {
        publishes(CONFIGURATION, transmitter.url(), Map.of("critical_subject_members", List.of("tenant", "device")));

        assertThat(keys.criticalSubjectMembers(idp(transmitter.url()))).containsExactlyInAnyOrder("tenant", "device");
        assertThat(keys.criticalSubjectMembers(idp(world.idp.issuer()))).isEmpty();
    }

    @Test
    @Rules("C6")
    void fetchesAnewOnceForAKeyThatIsNotKnown() {
        Signer next = new Signer("idp-2");
        String jwt = next.sign(Map.of("typ", "logout+jwt"), new org.jose4j.jwt.JwtClaims());
        var verifier = new dev.xaabroker.keys.LogoutTokenVerifier(world.clock, World.SKEW);
        String before = keys.byIdentityProvider(idp(world.idp.issuer()), jwks -> jwks);
        assertThat(before).isEqualTo(world.idp.jwks);

        world.idp.jwks = Signer.jwks(world.idp.signer, next);

        assertThatThrownBy(() -> keys.byIdentityProvider(
                        idp(world.idp.issuer()), jwks -> verifier.verify(jwt, jwks, world.idp.issuer(), Set.of("c"))))
                .isInstanceOf(JwtRejected.class)
                .hasMessageContaining("iss");
        assertThat(world.idp.http.to("/jwks")).hasSize(2);
    }
}
