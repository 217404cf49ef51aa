package dev.xaabroker.exchange;

import dev.xaabroker.grant.Credentials;
import dev.xaabroker.keys.ClientAssertions;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Proves the broker at a peer's endpoint, in the one way that the file configures (RFC 6749 s2.3.1, RFC 7523 s2.2; RULES
 * B4, B5, E2, E3). There is no way to send a client id without a proof.
 */
@ApplicationScoped
class PeerAuthentication {

    private static final Logger LOG = Logger.getLogger(PeerAuthentication.class);
    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final ClientAssertions assertions;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    PeerAuthentication(ClientAssertions assertions) {
        this.assertions = assertions;
    }

    /**
     * What one request carries as proof.
     *
     * @param secrets what must not come back in an error text
     */
    record Proofs(Map<String, String> headers, Map<String, String> parameters, List<String> secrets) {

        @Override
        public String toString() {
            return "Proofs[hidden]";
        }
    }

    /** Fresh proofs for one request: an assertion has a new {@code jti} each time, retries included. */
    Proofs prove(Credentials credentials, Metadata metadata) {
        warnWhenUnlisted(method(credentials), metadata);
        return switch (credentials) {
            case Credentials.SecretBasic basic -> basic(basic);
            case Credentials.SecretPost post ->
                new Proofs(
                        Map.of(),
                        Map.of(
                                "client_id",
                                post.clientId(),
                                "client_secret",
                                post.secret().reveal()),
                        List.of(post.secret().reveal()));
            case Credentials.PrivateKeyJwt jwt -> {
                String assertion = assertions
                        .sign(jwt, metadata.issuer(), metadata.tokenEndpoint())
                        .reveal();
                yield new Proofs(
                        Map.of(),
                        Map.of("client_assertion_type", ASSERTION_TYPE, "client_assertion", assertion),
                        List.of(assertion));
            }
        };
    }

    private static Proofs basic(Credentials.SecretBasic basic) {
        // Both halves are form-urlencoded first, or an id with a colon would move the border between them.
        String pair = encoded(basic.clientId()) + ":" + encoded(basic.secret().reveal());
        String value = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        return new Proofs(
                Map.of("Authorization", "Basic " + value),
                Map.of(),
                List.of(basic.secret().reveal(), value));
    }

    private static String encoded(String half) {
        return URLEncoder.encode(half, StandardCharsets.UTF_8);
    }

    private void warnWhenUnlisted(String method, Metadata metadata) {
        if (!metadata.authMethods().contains(method) && warned.add(method + " " + metadata.issuer())) {
            LOG.warnf(
                    "the configured client authentication is not among those the peer lists; it is used all the same"
                            + " issuer=%s method=%s listed=%s",
                    metadata.issuer(), method, Quoted.of(metadata.authMethods().toString()));
        }
    }

    static String method(Credentials credentials) {
        return switch (credentials) {
            case Credentials.SecretBasic basic -> "client_secret_basic";
            case Credentials.SecretPost post -> "client_secret_post";
            case Credentials.PrivateKeyJwt jwt -> "private_key_jwt";
        };
    }
}
