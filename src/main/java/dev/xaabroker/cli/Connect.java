package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.xaabroker.grant.AssertionShape;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.keys.ClientAssertions;
import dev.xaabroker.keys.SigningKeys;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A connect request from the client's side (RFC 8693 s2.1; PRODUCT.md, "The connect request"). */
final class Connect {

    private static final String TYPE = "urn:ietf:params:oauth:token-type:";

    private final Http http;
    private final Proof proof;
    private final String clientId;
    private final Door door;

    private Connect(Http http, Proof proof, String clientId, Door door) {
        this.http = http;
        this.proof = proof;
        this.clientId = clientId;
        this.door = door;
    }

    /**
     * Where a broker takes connects.
     *
     * @param issuer as its metadata spells it
     * @param endpoint as its metadata spells it
     * @param url where this replica takes them
     * @param revocation where this replica takes tokens back; empty when its metadata names no such place
     */
    private record Door(String issuer, String endpoint, String url, Optional<String> revocation) {}

    /** What the client proves itself with. */
    sealed interface Proof {
        record Password(Secret secret, boolean inForm) implements Proof {}

        record Key(Secret pemOrJwk) implements Proof {}
    }

    /**
     * Finds the token endpoint as a client would.
     *
     * @param issuer of the broker, when {@code http} leads to one replica of it under an address of its own
     */
    static Connect to(Http http, Optional<String> issuer, Proof proof, String clientId) {
        return new Connect(http, proof, clientId, door(http, issuer.orElse(http.base())));
    }

    private static Door door(Http http, String expected) {
        JsonNode metadata = http.get("/.well-known/oauth-authorization-server", Optional.empty())
                .json();
        String issuer = metadata.path("issuer").asText();
        String endpoint = metadata.path("token_endpoint").asText();
        String base = withoutSlash(expected);
        // The secret goes only where the operator pointed: RFC 8414 s3.3, and the same origin.
        if (!withoutSlash(issuer).equals(base) || !endpoint.startsWith(base + "/")) {
            throw new Stopped(http.base() + ": its metadata is not that of this broker"
                    + (issuer.isEmpty() ? "" : " (issuer " + AdminFace.printable(issuer) + ")")
                    + "; give the issuer exactly as the broker is configured");
        }
        Optional<String> revocation = Optional.of(
                        metadata.path("revocation_endpoint").asText())
                .filter(url -> url.startsWith(base + "/"))
                .map(url -> http.base() + url.substring(base.length()));
        return new Door(issuer, endpoint, http.base() + endpoint.substring(base.length()), revocation);
    }

    private static String withoutSlash(String url) {
        return url.replaceFirst("/+$", "");
    }

    /** Where it asks. */
    String broker() {
        return http.base();
    }

    Http.Reply send(Secret subject, Optional<String> type, String resource, List<String> scopes) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
        form.put("subject_token", subject.reveal());
        form.put("subject_token_type", TYPE + type.orElseGet(() -> guess(subject)));
        form.put("resource", resource);
        if (!scopes.isEmpty()) {
            form.put("scope", String.join(" ", scopes));
        }
        Optional<String> authorization = prove(form);
        return http.postForm(door.url(), encoded(form), authorization);
    }

    /**
     * Gives a token back (RFC 7009): what it stands for is over when this returns.
     *
     * @throws Stopped unless the broker says so
     */
    void giveBack(Secret token) {
        String url = door.revocation()
                .orElseThrow(() -> new Stopped(http.base() + ": its metadata names no revocation_endpoint"));
        Map<String, String> form = new LinkedHashMap<>();
        form.put("token", token.reveal());
        Optional<String> authorization = prove(form);
        int status = http.postForm(url, encoded(form), authorization).status();
        if (status != 200) {
            throw new Stopped(http.base() + ": the token was not taken back, it answered " + status);
        }
    }

    /** Refresh tokens are usually opaque, ID tokens never. */
    private static String guess(Secret subject) {
        return subject.reveal().matches("ey[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+")
                ? "id_token"
                : "refresh_token";
    }

    private Optional<String> prove(Map<String, String> form) {
        switch (proof) {
            case Proof.Key(Secret key) -> {
                form.put("client_id", clientId);
                form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
                form.put("client_assertion", assertion(key).reveal());
                return Optional.empty();
            }
            case Proof.Password(Secret secret, boolean inForm) -> {
                if (inForm) {
                    form.put("client_id", clientId);
                    form.put("client_secret", secret.reveal());
                    return Optional.empty();
                }
                return Optional.of(basic(clientId, secret));
            }
        }
    }

    private Secret assertion(Secret key) {
        try {
            Credentials.PrivateKeyJwt credentials =
                    new Credentials.PrivateKeyJwt(clientId, SigningKeys.read(key.reveal()), AssertionShape.STANDARD);
            return new ClientAssertions(Clock.systemUTC()).sign(credentials, door.issuer(), door.endpoint());
        } catch (IllegalArgumentException e) {
            throw new Stopped("--client-key-file: " + e.getMessage());
        }
    }

    /** The whole header (RFC 6749 s2.3.1). */
    static String basic(String id, Secret secret) {
        String both = encoded(id) + ":" + encoded(secret.reveal());
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
