package dev.xaabroker.broker;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.ClientAuth;
import dev.xaabroker.grant.ConnectRequest;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Network;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.Profile;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Signals;
import dev.xaabroker.grant.Status;
import dev.xaabroker.grant.SubjectStrategy;
import dev.xaabroker.grant.SubjectToken;
import dev.xaabroker.grant.User;
import dev.xaabroker.session.Session;
import dev.xaabroker.session.SignalStreams;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Alice, who connects with Cursor at ten. */
final class Example {

    static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final User ALICE = new User("alice");
    static final Identity IDENTITY = new Identity(ALICE, null, Set.of(), Map.of(), null, null);
    static final Proof PROOF = new Proof(IDENTITY, null, Secret.of("an-id-token"), null, NOW);

    private Example() {}

    static IdentityProviderEntry idp() {
        return new IdentityProviderEntry(
                "acme",
                "corp",
                "https://idp.example",
                Status.ENABLED,
                Profile.ID_JAG,
                SubjectStrategy.RT_TO_ID_TOKEN,
                Duration.ofSeconds(60),
                Map.of(),
                true,
                true,
                false,
                List.of(),
                new Peer("idp:corp", Network.PUBLIC, Duration.ofSeconds(5), 1),
                Signals.none("https://idp.example", "acme"));
    }

    /** Signals that nobody doubts: the IdP of this example sends none. */
    static Degraded reliedOn() {
        return new Degraded(Fake.of(SignalStreams.class, Map.of()), Fake.of(StreamsConfig.class, Map.of()), CLOCK);
    }

    static Client client(String identityProvider) {
        return new Client(
                "cursor",
                "",
                Status.ENABLED,
                new ClientAuth.SecretBasic(Secret.of("s")),
                identityProvider,
                new Credentials.SecretBasic("cursor-at-idp", Secret.of("s")));
    }

    static Session session(String identityProvider, Instant provenAt) {
        return session(identityProvider, provenAt, NOW);
    }

    static Session session(String identityProvider, Instant provenAt, Instant began) {
        return new Session(
                "id",
                "acme",
                "cursor",
                identityProvider,
                IDENTITY,
                provenAt,
                NOW.plus(Duration.ofHours(9)),
                0,
                false,
                began);
    }

    static ConnectRequest request(Client client) {
        return new ConnectRequest(
                "r",
                client,
                new SubjectToken.Handle(Secret.of("xaas_")),
                "https://mcp.example",
                Optional.empty(),
                Optional.empty(),
                false);
    }
}
