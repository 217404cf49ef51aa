package dev.xaabroker.exchange;

import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.SsfStream.Management;
import dev.xaabroker.outbound.Answer;
import dev.xaabroker.outbound.Outbound;
import dev.xaabroker.outbound.OutboundException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Calls a transmitter with the right to manage the stream: with the token that the file refers to, or with one that the IdP
 * gives for client credentials, which is kept while it lasts and replaced once when it is refused.
 */
@ApplicationScoped
class TransmitterCalls {

    private static final String SCOPES = "ssf.manage ssf.read";
    private static final Duration BEFORE_ITS_END = Duration.ofSeconds(30);
    private static final Duration UNSAID_LIFE = Duration.ofSeconds(60);
    private static final int UNAUTHORIZED = 401;

    private final Outbound outbound;
    private final Discovery discovery;
    private final TokenEndpoint endpoint;
    private final Clock clock;
    private final Map<Credentials, Held> held = new ConcurrentHashMap<>();

    TransmitterCalls(Outbound outbound, Discovery discovery, TokenEndpoint endpoint, Clock clock) {
        this.outbound = outbound;
        this.discovery = discovery;
        this.endpoint = endpoint;
        this.clock = clock;
    }

    private record Held(Secret token, Instant until) {}

    /** Requests to a transmitter have lanes of their own: a poll must not wait for logins, nor they for it. */
    static Peer peer(IdentityProviderEntry idp) {
        Peer peer = idp.peer();
        return new Peer("ssf:" + idp.name(), peer.network(), peer.timeout(), peer.maxConcurrent());
    }

    static RuntimeException fault(IdentityProviderEntry idp, String detail) {
        return new Failure.PeerFault(Hop.IDP, idp.name(), "ssf:" + idp.name() + ": " + detail).refusal();
    }

    /**
     * {@code endpoint} when the broker's token may go there: the transmitter's origin, or one that the entry lists (RULES D8).
     *
     * @throws dev.xaabroker.grant.Refusal PeerFault
     */
    static String trusted(IdentityProviderEntry idp, Optional<String> endpoint, String name) {
        String url = endpoint.orElseThrow(() -> fault(idp, "its ssf-configuration has no " + name));
        Optional<String> origin = Origin.of(url);
        boolean known = origin.isPresent()
                && (origin.equals(Origin.of(idp.signals().ssf().transmitter()))
                        || idp.tokenEndpointOrigins().stream().map(Origin::of).anyMatch(origin::equals));
        if (!known || url.contains("#")) {
            throw fault(
                    idp,
                    "the " + name + " " + Quoted.of(url)
                            + " is not on the transmitter's origin; if that is right, list its"
                            + " origin under tokenEndpointOrigins");
        }
        return url;
    }

    /** @throws dev.xaabroker.grant.Refusal Unavailable when no answer came, PeerFault when it must not be used */
    Answer get(IdentityProviderEntry idp, String url) {
        return authorized(idp, token -> outbound.getProtected(peer(idp), url, token));
    }

    /** @throws dev.xaabroker.grant.Refusal Unavailable when no answer came, PeerFault when it must not be used */
    Answer send(IdentityProviderEntry idp, Outbound.Verb verb, String url, String json) {
        return authorized(idp, token -> outbound.sendJson(peer(idp), verb, url, token, json));
    }

    private Answer authorized(IdentityProviderEntry idp, Function<Secret, Answer> call) {
        return switch (idp.signals().ssf().stream().management()) {
            case Management.ByHand none ->
                throw fault(idp, "the file gives no `token` or `auth` to manage the stream with");
            case Management.Token given -> tried(idp, given.token(), call);
            case Management.Registration at -> {
                Answer first = tried(idp, token(idp, at.credentials()), call);
                if (first.status() != UNAUTHORIZED) {
                    yield first;
                }
                held.remove(at.credentials());
                yield tried(idp, token(idp, at.credentials()), call);
            }
        };
    }

    private static Answer tried(IdentityProviderEntry idp, Secret token, Function<Secret, Answer> call) {
        try {
            return call.apply(token);
        } catch (OutboundException failed) {
            throw switch (failed.kind()) {
                case REFUSED, UNUSABLE -> fault(idp, String.valueOf(failed.getMessage()));
                case NOT_SENT, LOST ->
                    new Failure.Unavailable("ssf", RetryAfter.UNSAID, peer(idp).name() + ": " + failed.getMessage())
                            .refusal();
            };
        }
    }

    private Secret token(IdentityProviderEntry idp, Credentials credentials) {
        Instant now = clock.instant();
        Held known = held.get(credentials);
        if (known != null && now.isBefore(known.until())) {
            return known.token();
        }
        Held fresh = granted(idp, credentials, now);
        held.put(credentials, fresh);
        return fresh.token();
    }

    private Held granted(IdentityProviderEntry idp, Credentials credentials, Instant now) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        form.put("scope", SCOPES);
        TokenAnswer answer = endpoint.post(Hop.IDP, idp.peer(), discovery.of(idp), credentials, form);
        return switch (answer) {
            case TokenAnswer.Granted granted -> read(idp, granted.document(), now);
            case TokenAnswer.Busy busy -> throw notNow(busy.retryAfter(), busy.detail());
            case TokenAnswer.Unsent unsent -> throw notNow(unsent.retryAfter(), unsent.detail());
            case TokenAnswer.Down down -> throw notNow(down.retryAfter(), down.detail());
            case TokenAnswer.Lost lost -> throw notNow(lost.retryAfter(), lost.detail());
            case TokenAnswer.Refused refused -> throw fault(idp, "no token for it: " + refused.detail());
            case TokenAnswer.Nonsense nonsense -> throw fault(idp, "no token for it: " + nonsense.detail());
        };
    }

    private static Held read(IdentityProviderEntry idp, Document document, Instant now) {
        try {
            Secret token = Secret.of(document.required("access_token"));
            Optional<Duration> life = document.number("expires_in").stream()
                    .mapToObj(Duration::ofSeconds)
                    .findFirst();
            return new Held(token, now.plus(life.orElse(UNSAID_LIFE)).minus(BEFORE_ITS_END));
        } catch (Document.Malformed malformed) {
            throw fault(idp, "no token for it: in the answer, " + malformed.getMessage());
        }
    }

    private static RuntimeException notNow(Duration retryAfter, String detail) {
        return new Failure.Unavailable("ssf", retryAfter, detail).refusal();
    }
}
