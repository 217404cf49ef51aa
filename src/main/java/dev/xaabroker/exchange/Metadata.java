package dev.xaabroker.exchange;

import java.util.List;
import java.util.Optional;

/**
 * What an authorization server says about itself, as far as the two hops need it (RFC 8414 s2, OIDC Discovery s3).
 * Unknown members are ignored; a known one of the wrong type rejects the whole (RULES D12).
 *
 * @param grantTypes empty when absent, which means {@code authorization_code} and {@code implicit} only
 * @param grantProfiles {@code authorization_grant_profiles_supported} (ID-JAG s7.2)
 * @param authMethods empty when absent, which means {@code client_secret_basic}
 * @param scopes {@code scopes_supported}, empty when absent
 * @param clientIdMetadata whether a client id may be the URL of the client's metadata document (RULES D10)
 * @param registrationEndpoint where clients may register themselves (RFC 7591)
 */
record Metadata(
        String issuer,
        String tokenEndpoint,
        Optional<String> jwksUri,
        Optional<String> revocationEndpoint,
        Optional<String> userInfoEndpoint,
        List<String> grantTypes,
        List<String> grantProfiles,
        List<String> authMethods,
        List<String> scopes,
        boolean clientIdMetadata,
        Optional<String> registrationEndpoint) {

    /**
     * Reads a metadata document.
     *
     * @throws Document.Malformed when it cannot be used
     */
    static Metadata parse(String body) {
        Document document = Document.parse(body);
        return new Metadata(
                document.required("issuer"),
                document.required("token_endpoint"),
                document.text("jwks_uri"),
                document.text("revocation_endpoint"),
                document.text("userinfo_endpoint"),
                document.texts("grant_types_supported").orElse(List.of()),
                document.texts("authorization_grant_profiles_supported").orElse(List.of()),
                document.texts("token_endpoint_auth_methods_supported").orElse(List.of("client_secret_basic")),
                document.texts("scopes_supported").orElse(List.of()),
                document.flag("client_id_metadata_document_supported"),
                document.text("registration_endpoint"));
    }

    /** Whether credentials may be sent to {@code endpoint}: the issuer's origin, or one that the entry lists (RULES D8). */
    boolean mayReceiveCredentials(String endpoint, List<String> furtherOrigins) {
        Optional<String> origin = Origin.of(endpoint);
        return origin.isPresent()
                && !endpoint.contains("#")
                && (origin.equals(Origin.of(issuer))
                        || furtherOrigins.stream().map(Origin::of).anyMatch(origin::equals));
    }
}
