package dev.xaabroker.demo;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jose4j.jwt.JwtClaims;
import org.jspecify.annotations.Nullable;

/** RFC 8693 at the identity provider: a subject token in, an ID-JAG out (ID-JAG s4.3). */
final class TokenExchange {

    private static final Set<String> PARAMETERS = Set.of(
            "grant_type",
            "requested_token_type",
            "subject_token",
            "subject_token_type",
            "audience",
            "resource",
            "scope");

    private final String issuer;
    private final SsoSessions sessions;
    private final Issuing issuing;
    private final List<Entitlement> entitlements = new CopyOnWriteArrayList<>();
    private final List<String> unexpected = new CopyOnWriteArrayList<>();

    TokenExchange(String issuer, SsoSessions sessions, Issuing issuing) {
        this.issuer = issuer;
        this.sessions = sessions;
        this.issuing = issuing;
    }

    void entitle(Entitlement entitlement) {
        entitlements.removeIf(e -> e.idpClientId().equals(entitlement.idpClientId())
                && e.audience().equals(entitlement.audience()));
        entitlements.add(entitlement);
    }

    List<String> unexpected() {
        return List.copyOf(unexpected);
    }

    void reset() {
        unexpected.clear();
    }

    Map<String, Object> exchange(Call call, String clientId, IdpBehaviour behaviour) {
        checkParameters(call, behaviour);
        String wanted = behaviour.keycloakLike ? TokenType.ACCESS_TOKEN : TokenType.ID_JAG;
        if (!wanted.equals(call.required("requested_token_type"))) {
            throw OAuthProblem.of("invalid_request", "requested_token_type is not supported");
        }
        Entitlement entitlement = entitlement(clientId, call.required("audience"));
        String resource = resource(call.optional("resource"), entitlement, behaviour);
        String scope = scope(call.optional("scope"), entitlement, behaviour);
        String subjectToken = call.required("subject_token");
        SsoSessions.Session session = subject(subjectToken, call.required("subject_token_type"), clientId, behaviour);

        Map<String, Object> answer = new LinkedHashMap<>();
        DemoUser user = sessions.user(session.userName());
        answer.put("access_token", issuing.idJag(user, session, entitlement, resource, scope, behaviour));
        answer.put("issued_token_type", wanted);
        answer.put("token_type", behaviour.exchangeTokenType);
        answer.put("expires_in", behaviour.idJagLifetime.toSeconds());
        if (behaviour.scopeInAnswer) {
            answer.put("scope", scope);
        }
        if (behaviour.resourceInAnswer && resource != null) {
            answer.put("resource", resource);
        }
        if (behaviour.rotatesOnExchange && call.required("subject_token_type").equals(TokenType.REFRESH_TOKEN)) {
            String next = sessions.redeem(subjectToken, clientId, true, behaviour, issuing.now())
                    .nextRefreshToken();
            answer.put("refresh_token", String.valueOf(next));
        }
        return AnswerFlaw.apply(behaviour.exchangeAnswerFlaws, answer);
    }

    private void checkParameters(Call call, IdpBehaviour behaviour) {
        Set<String> strangers = new HashSet<>(call.form().keySet());
        strangers.removeAll(PARAMETERS);
        strangers.removeAll(ClientCheck.PARAMETERS);
        unexpected.addAll(strangers);
        if (behaviour.strictParameters && !strangers.isEmpty()) {
            throw OAuthProblem.of("invalid_request", "unexpected parameters " + strangers);
        }
    }

    private Entitlement entitlement(String clientId, String audience) {
        return entitlements.stream()
                .filter(e -> e.audience().equals(audience) && e.idpClientId().equals(clientId))
                .findFirst()
                .orElseThrow(() -> OAuthProblem.of("invalid_target", "audience is not known for this client"));
    }

    private static @Nullable String resource(@Nullable String asked, Entitlement entitlement, IdpBehaviour behaviour) {
        if (asked == null) {
            if (behaviour.requiresResource) {
                throw OAuthProblem.of("invalid_target", "resource is missing");
            }
            return entitlement.resources().size() == 1
                    ? entitlement.resources().iterator().next()
                    : null;
        }
        if (!entitlement.resources().contains(asked)) {
            throw OAuthProblem.of("invalid_target", "resource is not governed by the audience");
        }
        return asked;
    }

    private static String scope(@Nullable String asked, Entitlement entitlement, IdpBehaviour behaviour) {
        if (asked == null) {
            return entitlement.scopes().stream().sorted().collect(Collectors.joining(" "));
        }
        Set<String> wanted = new LinkedHashSet<>(Arrays.asList(asked.split(" ")));
        if (behaviour.keycloakLike) {
            wanted.remove("openid");
        }
        if (!entitlement.scopes().containsAll(wanted)) {
            throw OAuthProblem.of(behaviour.badScopeError, "scope is not allowed");
        }
        return asked;
    }

    private SsoSessions.Session subject(String token, String type, String clientId, IdpBehaviour behaviour) {
        try {
            if (type.equals(TokenType.ID_TOKEN) && behaviour.acceptsIdToken) {
                return idToken(token, clientId);
            }
            if (type.equals(TokenType.REFRESH_TOKEN) && behaviour.acceptsRefreshToken) {
                return sessions.ofRefreshToken(token, clientId);
            }
            if (type.equals(TokenType.ACCESS_TOKEN) && behaviour.keycloakLike) {
                return sessions.ofAccessToken(token, clientId);
            }
        } catch (OAuthProblem dead) {
            throw OAuthProblem.of(behaviour.deadSubjectError, String.valueOf(dead.getMessage()));
        }
        throw OAuthProblem.of("invalid_request", "subject_token_type is not supported");
    }

    private SsoSessions.Session idToken(String token, String clientId) {
        try {
            JwtClaims claims = JwtCheck.verify(token, issuing.jwks(), "JWT", issuer, clientId, issuing.now());
            return sessions.session(String.valueOf(claims.getClaimValue("sid")));
        } catch (JwtCheck.Rejected e) {
            throw OAuthProblem.of("invalid_grant", "the ID token does not hold: " + e.getMessage());
        }
    }
}
