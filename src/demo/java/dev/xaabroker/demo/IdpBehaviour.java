package dev.xaabroker.demo;

import java.time.Duration;
import java.util.Set;

/** How the demo identity provider behaves: change a field at any time, or take one of the profiles. */
public final class IdpBehaviour {

    /** Which subject tokens it exchanges for an ID-JAG. */
    public volatile boolean acceptsIdToken = true;

    public volatile boolean acceptsRefreshToken = true;
    /** As Keycloak does: an access token in, a plain JWT with {@code azp} out, and no ID-JAGs. */
    public volatile boolean keycloakLike;

    public volatile AssertionRules assertions = AssertionRules.RFC7523BIS;
    /** Refuses an exchange with a parameter that RULES B1 does not name; they are recorded in any case. */
    public volatile boolean strictParameters = true;
    /** Whether {@code resource} must be sent. */
    public volatile boolean requiresResource;
    /** Whether the ID-JAG says {@code resource}. */
    public volatile boolean resourceInIdJag = true;
    /** Whether the answer says {@code resource}, as the resource-iss-validation draft wants. */
    public volatile boolean resourceInAnswer;

    public volatile boolean scopeInAnswer = true;
    public volatile String exchangeTokenType = "N_A";
    public volatile String badScopeError = "invalid_scope";
    public volatile String deadSubjectError = "invalid_grant";

    /** Each refresh grant gives a new refresh token; the old one coming back revokes the family. */
    public volatile boolean rotating;
    /** How long a rotated token still works, giving its successor again. */
    public volatile Duration rotationGrace = Duration.ZERO;
    /** An exchange of a refresh token spends it and answers with the next one. */
    public volatile boolean rotatesOnExchange;

    public volatile Duration idJagLifetime = Duration.ofMinutes(5);
    public volatile Duration idTokenLifetime = Duration.ofMinutes(60);

    public volatile Set<JwtFlaw> idJagFlaws = Set.of();
    public volatile Set<JwtFlaw> refreshedIdTokenFlaws = Set.of();
    public volatile Set<JwtFlaw> loginIdTokenFlaws = Set.of();
    public volatile Set<AnswerFlaw> exchangeAnswerFlaws = Set.of();
    public volatile Set<AnswerFlaw> refreshAnswerFlaws = Set.of();

    /** The {@code issuer} its metadata claims; empty is the real one. */
    public volatile String metadataIssuer = "";
    /** The token endpoint its metadata claims; empty is the real one. */
    public volatile String metadataTokenEndpoint = "";

    /** draft-ietf-oauth-identity-assertion-authz-grant-04 as written: ID tokens only. */
    public static IdpBehaviour strict04() {
        IdpBehaviour behaviour = new IdpBehaviour();
        behaviour.acceptsRefreshToken = false;
        return behaviour;
    }

    /** Okta as shipped (FACTS 5.1). */
    public static IdpBehaviour oktaLike() {
        IdpBehaviour behaviour = new IdpBehaviour();
        behaviour.assertions = AssertionRules.TOKEN_ENDPOINT_UNTYPED;
        behaviour.badScopeError = "unauthorized_client";
        return behaviour;
    }

    /** The branch resource-iss-validation: {@code resource} in the answer, {@code invalid_target} without one. */
    public static IdpBehaviour riv05() {
        IdpBehaviour behaviour = new IdpBehaviour();
        behaviour.requiresResource = true;
        behaviour.resourceInAnswer = true;
        return behaviour;
    }

    /** One-time refresh tokens. */
    public static IdpBehaviour rotatingRefreshTokens() {
        IdpBehaviour behaviour = new IdpBehaviour();
        behaviour.rotating = true;
        return behaviour;
    }

    /** Stock Keycloak 26.7: standard token exchange. */
    public static IdpBehaviour keycloak() {
        IdpBehaviour behaviour = new IdpBehaviour();
        behaviour.keycloakLike = true;
        behaviour.acceptsIdToken = false;
        behaviour.acceptsRefreshToken = false;
        behaviour.exchangeTokenType = "Bearer";
        behaviour.assertions = AssertionRules.ISSUER_UNTYPED;
        return behaviour;
    }
}
