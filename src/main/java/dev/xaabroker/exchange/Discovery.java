package dev.xaabroker.exchange;

import dev.xaabroker.exchange.FetchedDocuments.Fetched;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.Server;
import dev.xaabroker.outbound.Answer;
import dev.xaabroker.outbound.Outbound;
import dev.xaabroker.outbound.OutboundException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Finds and confirms the metadata of an issuer that the file pins (RFC 8414, OIDC Discovery; RULES D5, D6, D8, D11, D12).
 * Nothing is sent to an endpoint before its issuer has passed here.
 */
@ApplicationScoped
class Discovery {

    private static final Logger LOG = Logger.getLogger(Discovery.class);

    private final Outbound outbound;
    private final Clock clock;
    private final ExchangeConfig config;
    private final FetchedDocuments<Metadata> documents;

    Discovery(Outbound outbound, Clock clock, ExchangeConfig config) {
        this.outbound = outbound;
        this.clock = clock;
        this.config = config;
        this.documents = new FetchedDocuments<>(clock, config.refreshInterval());
    }

    /**
     * The confirmed metadata of an IdP.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable, or PeerFault
     */
    Metadata of(IdentityProviderEntry idp) {
        return confirmed(Hop.IDP, idp.peer(), idp.issuer(), idp.tokenEndpointOrigins());
    }

    /**
     * The confirmed metadata of a server's RAS.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable, or PeerFault
     */
    Metadata of(Server server) {
        return confirmed(Hop.RAS, server.peer(), server.audience(), server.tokenEndpointOrigins());
    }

    /** A token endpoint answered as if the metadata were out of date: fetch it anew, once (RULES D11). */
    void doubt(Hop hop, String issuer) {
        documents.doubt(key(hop, issuer));
    }

    /**
     * What the RAS called {@code issuer} publishes, its issuer confirmed. Nothing may be sent to its endpoints yet.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable, or PeerFault
     */
    Metadata published(Peer peer, String issuer) {
        return published(Hop.RAS, peer, issuer);
    }

    private Metadata published(Hop hop, Peer peer, String issuer) {
        try {
            return documents.get(key(hop, issuer), () -> fetch(peer, issuer));
        } catch (NotFetched failed) {
            throw failed.failure(hop, peer).refusal();
        }
    }

    private Metadata confirmed(Hop hop, Peer peer, String issuer, List<String> origins) {
        Metadata metadata = published(hop, peer, issuer);
        if (!metadata.mayReceiveCredentials(metadata.tokenEndpoint(), origins)) {
            throw new Failure.PeerFault(
                            hop,
                            peer.name(),
                            peer.name() + ": the token endpoint " + Quoted.of(metadata.tokenEndpoint())
                                    + " is not on the issuer's origin; if that is right, list its origin under"
                                    + " tokenEndpointOrigins")
                    .refusal();
        }
        return metadata;
    }

    private Fetched<Metadata> fetch(Peer peer, String issuer) {
        for (String url : WellKnown.of(issuer)) {
            Answer answer = get(peer, url);
            int status = answer.status();
            if (status == 429 || status >= 500) {
                throw NotFetched.unreachable(
                        "answered " + status + " for its metadata",
                        RetryAfter.of(answer, clock.instant()),
                        config.unreachableFor());
            }
            if (status < 400) {
                return new Fetched<>(read(peer, issuer, answer), Freshness.of(answer));
            }
        }
        throw NotFetched.absent("publishes no metadata for " + issuer, config.absentFor());
    }

    private Answer get(Peer peer, String url) {
        try {
            return outbound.getMetadata(peer, url);
        } catch (OutboundException failed) {
            throw NotFetched.because(failed, config.unreachableFor());
        }
    }

    private static Metadata read(Peer peer, String issuer, Answer answer) {
        if (answer.status() != 200) {
            throw NotFetched.unusable("answered " + answer.status() + " for its metadata");
        }
        Metadata metadata;
        try {
            metadata = Metadata.parse(answer.body());
        } catch (Document.Malformed malformed) {
            throw NotFetched.unusable("its metadata is " + malformed.getMessage());
        }
        if (!metadata.issuer().equals(issuer)) {
            // Someone may be passing an honest issuer's name off as their own (ID-JAG-05 s9.4), or a slash is missing.
            LOG.warnf(
                    "security: metadata claims another issuer, nothing is sent peer=%s issuer=%s claimed=%s",
                    peer.name(), issuer, Quoted.of(metadata.issuer()));
            throw NotFetched.unusable(
                    "its metadata claims the issuer " + Quoted.of(metadata.issuer()) + ", the file says " + issuer);
        }
        return metadata;
    }

    private static String key(Hop hop, String issuer) {
        return hop.code() + " " + issuer;
    }
}
