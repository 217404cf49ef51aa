package dev.xaabroker.exchange;

import dev.xaabroker.exchange.PeerAuthentication.Proofs;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Server;
import dev.xaabroker.outbound.Answer;
import dev.xaabroker.outbound.Outbound;
import dev.xaabroker.outbound.OutboundException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Revokes tokens where they came from (RFC 7009). Only the same origins as for the token endpoint are sent credentials and tokens. */
@ApplicationScoped
class Revocation {

    static final String ACCESS_TOKEN = "access_token";
    static final String REFRESH_TOKEN = "refresh_token";

    private static final Logger LOG = Logger.getLogger(Revocation.class);
    private static final String UNSUPPORTED = "unsupported_token_type";

    private final Outbound outbound;
    private final PeerAuthentication authentication;
    private final Discovery discovery;
    private final Pace pace;
    private final Clock clock;

    Revocation(Outbound outbound, PeerAuthentication authentication, Discovery discovery, Pace pace, Clock clock) {
        this.outbound = outbound;
        this.authentication = authentication;
        this.discovery = discovery;
        this.pace = pace;
        this.clock = clock;
    }

    /** Gives back, once and in the background, a token that the broker will not use. */
    void giveBack(Server server, Metadata metadata, Credentials credentials, Secret token, String hint) {
        if (!isPossible(metadata, server.tokenEndpointOrigins())) {
            LOG.debugf("no revocation endpoint to give a token back server=%s kind=%s", server.name(), hint);
            return;
        }
        Thread.ofVirtual().name("revoke-" + server.name()).start(() -> {
            switch (revoke(server.peer(), metadata, server.tokenEndpointOrigins(), credentials, token, hint)) {
                case Revoked.Done done -> LOG.infof("gave a token back server=%s kind=%s", server.name(), hint);
                case Revoked.Never never ->
                    LOG.infof("cannot give a token back server=%s kind=%s why=%s", server.name(), hint, never.why());
                case Revoked.Later later ->
                    LOG.warnf("could not give a token back server=%s kind=%s why=%s", server.name(), hint, later.why());
            }
        });
    }

    /** Whether there is an endpoint to which credentials and tokens may be sent. */
    static boolean isPossible(Metadata metadata, List<String> origins) {
        return metadata.mayReceiveCredentials(metadata.revocationEndpoint().orElse(""), origins);
    }

    /** One attempt at an access token of a RAS, which was issued for that client if the policy still has it. */
    Revoked revoke(Server server, Optional<Client> client, Secret token) {
        return withMetadata(
                () -> discovery.of(server),
                metadata -> revoke(
                        server.peer(),
                        metadata,
                        server.tokenEndpointOrigins(),
                        client.map(server::credentialsFor).orElse(server.auth()),
                        token,
                        ACCESS_TOKEN));
    }

    /** One attempt at a refresh token of an IdP, within what its {@link Pace} has to spare. */
    Revoked revoke(IdentityProviderEntry idp, Client client, Secret token) {
        if (pace.isTight(idp.peer())) {
            return new Revoked.Later(pace.comeBack(idp.peer()), idp.name() + " is busy: what lives comes first");
        }
        return withMetadata(() -> discovery.of(idp), metadata -> pace.refuses(idp.peer())
                .<Revoked>map(unsent -> new Revoked.Later(unsent.retryAfter(), unsent.detail()))
                .orElseGet(() -> revoke(
                        idp.peer(),
                        metadata,
                        idp.tokenEndpointOrigins(),
                        client.atIdentityProvider(),
                        token,
                        REFRESH_TOKEN)));
    }

    private static Revoked withMetadata(Supplier<Metadata> peer, Function<Metadata, Revoked> attempt) {
        Metadata metadata;
        try {
            metadata = peer.get();
        } catch (Refusal notNow) {
            return new Revoked.Later(RetryAfter.UNSAID, notNow.failure().detail());
        }
        return attempt.apply(metadata);
    }

    /** @param origins other than the issuer's that may be sent credentials */
    private Revoked revoke(
            Peer peer, Metadata metadata, List<String> origins, Credentials credentials, Secret token, String hint) {
        if (!isPossible(metadata, origins)) {
            return new Revoked.Never(peer.name() + " has no revocation endpoint that may be used");
        }
        String endpoint = metadata.revocationEndpoint().orElseThrow();
        try {
            Proofs proofs = authentication.prove(credentials, metadata);
            Map<String, String> form = new LinkedHashMap<>();
            form.put("token", token.reveal());
            form.put("token_type_hint", hint);
            form.putAll(proofs.parameters());
            return sorted(peer, outbound.postForm(peer, endpoint, proofs.headers(), form));
        } catch (OutboundException failed) {
            return new Revoked.Later(RetryAfter.UNSAID, peer.name() + ": " + failed.getMessage());
        } catch (Refusal refused) {
            return new Revoked.Later(RetryAfter.UNSAID, refused.failure().detail());
        }
    }

    private Revoked sorted(Peer peer, Answer answer) {
        String said = peer.name() + " answered " + answer.status();
        if (answer.status() / 100 == 2) {
            return new Revoked.Done();
        }
        return answer.status() == 400 && answer.body().contains(UNSUPPORTED)
                ? new Revoked.Never(said + " " + UNSUPPORTED)
                : new Revoked.Later(RetryAfter.of(answer, clock.instant()), said);
    }
}
