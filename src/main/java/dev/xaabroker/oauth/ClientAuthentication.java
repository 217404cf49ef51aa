package dev.xaabroker.oauth;

import dev.xaabroker.broker.Registrations;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.ClientAuth;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.keys.ClientAssertionVerifier;
import dev.xaabroker.keys.JwtRejected;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names the client behind a request, by the one method it is registered for (RFC 6749 s2.3, RFC 7523 s2.2; RULES A3, A4, G3).
 * Nothing but these credentials says who the client is.
 */
@ApplicationScoped
class ClientAuthentication {

    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final Duration SKEW = Duration.ofSeconds(60);

    private final Registrations registrations;
    private final ClientAssertionVerifier assertions;
    private final RequestLimits limits;
    private final OAuthConfig config;

    ClientAuthentication(
            Registrations registrations, ClientAssertionVerifier assertions, RequestLimits limits, OAuthConfig config) {
        this.registrations = registrations;
        this.assertions = assertions;
        this.limits = limits;
        this.config = config;
    }

    /** What a request presented: one of three kinds. */
    private sealed interface Presented {
        String clientId();

        record Basic(String clientId, Secret secret) implements Presented {}

        record Post(String clientId, Secret secret) implements Presented {}

        record Assertion(String clientId, String jwt) implements Presented {

            @Override
            public String toString() {
                return "Assertion[" + clientId + "]";
            }
        }
    }

    /**
     * The authenticated client, disabled or not: what a disabled one may do is for policy to say.
     *
     * @param source the address that the request came from
     * @throws ClientRejected when it is unknown or did not prove itself
     * @throws dev.xaabroker.grant.Refusal InvalidRequest when two methods are used at once; TooMany when it failed too often
     *     from this source; Unavailable when the policy or the replay marks are
     */
    Client authenticate(Form form, @Nullable String authorization, String source) {
        String who = "";
        try {
            Presented presented = presented(form, authorization);
            who = presented.clientId();
            limits.authenticating(source, who);
            return proven(registrations.client(who), presented);
        } catch (ClientRejected rejected) {
            if (rejected.isGuess()) {
                limits.failed(source, who);
            }
            throw rejected;
        }
    }

    private Client proven(Optional<Client> named, Presented presented) {
        boolean basic = presented instanceof Presented.Basic;
        Client client = named.orElseThrow(() -> new ClientRejected("unknown client", basic));
        boolean proven =
                switch (presented) {
                    case Presented.Basic used ->
                        client.auth() instanceof ClientAuth.SecretBasic expected
                                && expected.secret().equals(used.secret());
                    case Presented.Post used ->
                        client.auth() instanceof ClientAuth.SecretPost expected
                                && expected.secret().equals(used.secret());
                    case Presented.Assertion used ->
                        client.auth() instanceof ClientAuth.PrivateKeyJwt expected && holds(used, expected.jwks());
                };
        if (!proven) {
            throw new ClientRejected("wrong credentials or wrong method for client " + client.id(), basic);
        }
        return client;
    }

    private boolean holds(Presented.Assertion used, String jwks) {
        try {
            var claims = assertions.verify(used.jwt(), jwks, used.clientId(), config.issuer());
            return switch (registrations.use(
                    used.clientId(),
                    claims.id(),
                    claims.issued(),
                    claims.expires().plus(SKEW))) {
                case FIRST -> true;
                case AGAIN -> throw new ClientRejected("client assertion replayed by " + used.clientId(), false);
                case ISSUED_TOO_EARLY -> throw ClientRejected.issuedTooEarly(used.clientId());
            };
        } catch (JwtRejected e) {
            throw new ClientRejected("client assertion of " + used.clientId() + ": " + e.getMessage(), false);
        }
    }

    private Presented presented(Form form, @Nullable String authorization) {
        boolean assertion = form.has("client_assertion") || form.has("client_assertion_type");
        boolean post = form.has("client_secret");
        boolean header = authorization != null && !authorization.isBlank();
        if ((assertion ? 1 : 0) + (post ? 1 : 0) + (header ? 1 : 0) > 1) {
            throw new Failure.InvalidRequest("use one client authentication method per request (RFC 6749 s2.3)")
                    .refusal();
        }
        Presented presented;
        if (header && authorization != null) {
            presented = basic(authorization);
        } else if (assertion) {
            presented = assertion(form);
        } else if (post) {
            presented = new Presented.Post(form.require("client_id"), Secret.of(form.require("client_secret")));
        } else {
            throw new ClientRejected("no client authentication", false);
        }
        Optional<String> named = form.get("client_id");
        if (named.isPresent() && !named.get().equals(presented.clientId())) {
            throw new ClientRejected("client_id differs from the authenticated client", header);
        }
        return presented;
    }

    /** Both halves of Basic credentials are form-urlencoded before base64 (RFC 6749 s2.3.1). */
    private static Presented basic(String authorization) {
        String scheme = authorization.trim();
        if (!scheme.toLowerCase(Locale.ROOT).startsWith("basic ")) {
            throw new ClientRejected("unknown authentication scheme", true);
        }
        try {
            String pair =
                    new String(Base64.getDecoder().decode(scheme.substring(6).trim()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon < 1 || colon == pair.length() - 1) {
                throw new ClientRejected("malformed Basic credentials", true);
            }
            return new Presented.Basic(decode(pair.substring(0, colon)), Secret.of(decode(pair.substring(colon + 1))));
        } catch (IllegalArgumentException e) {
            throw new ClientRejected("malformed Basic credentials", true);
        }
    }

    private static String decode(String half) {
        return URLDecoder.decode(half, StandardCharsets.UTF_8);
    }

    private Presented assertion(Form form) {
        if (!form.get("client_assertion_type").equals(Optional.of(ASSERTION_TYPE))) {
            throw new ClientRejected("unknown client_assertion_type", false);
        }
        String jwt = form.require("client_assertion");
        String clientId = form.get("client_id")
                .or(() -> assertions.claimedClient(jwt))
                .orElseThrow(() -> new ClientRejected("the client assertion names no client", false));
        return new Presented.Assertion(clientId, jwt);
    }
}
