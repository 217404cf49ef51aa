package dev.xaabroker.exchange;

import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.Failure.InvalidRequest;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Profile;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.SubjectStrategy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How one IdP profile speaks on leg 1 (ID-JAG s4.3; PRODUCT.md, "The connect request").
 *
 * @param requestedType what is asked for, and what {@code issued_token_type} must say
 * @param subjectType what kind of token goes in
 * @param tokenTypes the {@code token_type}s accepted, in upper case (RULES B8)
 * @param standIn whether what comes back is Keycloak's ordinary exchanged token, not an ID-JAG
 */
record Dialect(String requestedType, String subjectType, Set<String> tokenTypes, boolean standIn) {

    private static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String TYPE = "urn:ietf:params:oauth:token-type:";
    private static final String ID_JAG = TYPE + "id-jag";
    private static final String ACCESS_TOKEN = TYPE + "access_token";
    private static final String ID_TOKEN = TYPE + "id_token";
    private static final String REFRESH_TOKEN = TYPE + "refresh_token";

    /**
     * The dialect of {@code idp}.
     *
     * @throws dev.xaabroker.grant.Refusal when profile and subject do not go together
     */
    static Dialect of(IdentityProviderEntry idp, boolean sessionless) {
        if (idp.profile() == Profile.KEYCLOAK) {
            if (sessionless) {
                throw new InvalidRequest("This identity provider cannot connect from an ID token alone:"
                                + " present a refresh token instead.")
                        .refusal();
            }
            return new Dialect(ACCESS_TOKEN, ACCESS_TOKEN, Set.of("BEARER"), true);
        }
        Set<String> tokenTypes = idp.profile() == Profile.OKTA ? Set.of("N_A", "BEARER") : Set.of("N_A");
        return new Dialect(ID_JAG, subjectType(idp, sessionless), tokenTypes, false);
    }

    private static String subjectType(IdentityProviderEntry idp, boolean sessionless) {
        SubjectStrategy strategy = sessionless ? SubjectStrategy.RT_TO_ID_TOKEN : idp.strategy();
        return switch (strategy) {
            case RT_DIRECT -> REFRESH_TOKEN;
            case RT_TO_ID_TOKEN -> ID_TOKEN;
            case RT_TO_ACCESS_TOKEN ->
                throw new PeerFault(
                                Hop.IDP,
                                idp.peer().name(),
                                idp.name() + ": an access token is a subject in profile keycloak only")
                        .refusal();
        };
    }

    boolean takesIdToken() {
        return subjectType.equals(ID_TOKEN);
    }

    /** The whole body but for the client authentication: these parameters and no others (RULES B1 to B3). */
    Map<String, String> form(IdentityProviderEntry idp, Server server, Scopes scopes, String subjectToken) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", TOKEN_EXCHANGE);
        form.put("requested_token_type", requestedType);
        form.put("subject_token", subjectToken);
        form.put("subject_token_type", subjectType);
        form.put("audience", server.audience());
        if (idp.sendResource() && !standIn) {
            form.put("resource", server.resource());
        }
        String scope = scope(idp, scopes);
        if (!scope.isEmpty()) {
            form.put("scope", scope);
        }
        return form;
    }

    /**
     * What leg 1 asks for. Keycloak notes the scope of the exchange in the user's session: one without {@code openid} makes
     * every later refresh come back without an ID token, and the session could not be proven any more (seen with 26.7.3).
     */
    private String scope(IdentityProviderEntry idp, Scopes scopes) {
        String asked = idp.sendScope() ? scopes.toString() : "";
        return standIn ? ("openid " + asked).strip() : asked;
    }
}
