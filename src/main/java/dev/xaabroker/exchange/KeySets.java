package dev.xaabroker.exchange;

import dev.xaabroker.exchange.FetchedDocuments.Fetched;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.keys.JwtRejected;
import dev.xaabroker.outbound.Answer;
import dev.xaabroker.outbound.Outbound;
import dev.xaabroker.outbound.OutboundException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.function.Function;

/** The public keys of the IdPs (RFC 7517), from the {@code jwks_uri} of their confirmed metadata and from nowhere else. */
@ApplicationScoped
class KeySets {

    private final Outbound outbound;
    private final Discovery discovery;
    private final Clock clock;
    private final ExchangeConfig config;
    private final FetchedDocuments<String> documents;

    KeySets(Outbound outbound, Discovery discovery, Clock clock, ExchangeConfig config) {
        this.outbound = outbound;
        this.discovery = discovery;
        this.clock = clock;
        this.config = config;
        this.documents = new FetchedDocuments<>(clock, config.refreshInterval());
    }

    /**
     * Fetches the key set if it is not at hand. Called before a refresh token leaves: once the IdP has rotated it, keys
     * that cannot be had would cost the session.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable, or PeerFault
     */
    void warm(IdentityProviderEntry idp) {
        current(idp.peer(), uri(idp));
    }

    /**
     * Verifies with the IdP's keys; when the key is unknown, once more with keys fetched anew.
     *
     * @param check given a JWK Set document, returns the claims or throws JwtRejected
     * @throws JwtRejected when it does not hold
     * @throws dev.xaabroker.grant.Refusal Unavailable, or PeerFault
     */
    <T> T verified(IdentityProviderEntry idp, Function<String, T> check) {
        return verified(idp.peer(), uri(idp), check);
    }

    /** The same with the keys at {@code uri}, which a document of {@code peer} named whose issuer is confirmed. */
    <T> T verified(Peer peer, String uri, Function<String, T> check) {
        String jwks = current(peer, uri);
        try {
            return check.apply(jwks);
        } catch (JwtRejected rejected) {
            if (!rejected.unknownKey()) {
                throw rejected;
            }
            documents.doubt(uri);
            String fresh = current(peer, uri);
            if (fresh.equals(jwks)) {
                throw rejected;
            }
            return check.apply(fresh);
        }
    }

    private String uri(IdentityProviderEntry idp) {
        return discovery.of(idp).jwksUri().orElseThrow(() -> new Failure.PeerFault(
                        Hop.IDP, idp.peer().name(), idp.name() + ": its metadata has no jwks_uri")
                .refusal());
    }

    private String current(Peer peer, String uri) {
        try {
            return documents.get(uri, () -> fetch(peer, uri));
        } catch (NotFetched failed) {
            throw failed.failure(Hop.IDP, peer).refusal();
        }
    }

    private Fetched<String> fetch(Peer peer, String uri) {
        Answer answer = get(peer, uri);
        if (answer.status() == 429 || answer.status() >= 500) {
            throw NotFetched.unreachable(
                    "answered " + answer.status() + " for its keys",
                    RetryAfter.of(answer, clock.instant()),
                    config.unreachableFor());
        }
        if (answer.status() != 200) {
            throw NotFetched.unusable("answered " + answer.status() + " for its keys");
        }
        try {
            if (!Document.parse(answer.body()).has("keys")) {
                throw NotFetched.unusable("its key set has no member keys");
            }
        } catch (Document.Malformed malformed) {
            throw NotFetched.unusable("its key set is " + malformed.getMessage());
        }
        return new Fetched<>(answer.body(), Freshness.of(answer));
    }

    private Answer get(Peer peer, String uri) {
        try {
            return outbound.getKeys(peer, uri);
        } catch (OutboundException failed) {
            throw NotFetched.because(failed, config.unreachableFor());
        }
    }
}
