package dev.xaabroker.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Makes and signs what the identity provider issues. */
final class Issuing {

    private static final Duration ACCESS_TOKEN_LIFETIME = Duration.ofMinutes(5);

    private final String issuer;
    private final CopyOnWriteArrayList<DemoKey> keys = new CopyOnWriteArrayList<>();
    private volatile Clock clock = Clock.systemUTC();

    Issuing(String issuer) {
        this.issuer = issuer;
        keys.add(DemoKey.generate());
    }

    void clock(Clock other) {
        clock = other;
    }

    Instant now() {
        return clock.instant();
    }

    /** The newest key signs; all are published. */
    void newKey() {
        keys.addFirst(DemoKey.generate());
    }

    void retireOldKeys() {
        keys.retainAll(Set.of(keys.getFirst()));
    }

    String jwks() {
        return DemoKey.jwks(keys);
    }

    String idToken(
            DemoUser user,
            SsoSessions.Session session,
            String clientId,
            IdpBehaviour behaviour,
            Set<JwtFlaw> flaws,
            @Nullable String nonce) {
        Instant now = now();
        JwtDraft draft = draft("JWT", user, clientId, now)
                .claim("exp", now.plus(behaviour.idTokenLifetime).getEpochSecond())
                .claim("sid", session.sid())
                .claim("nonce", nonce)
                .claim("auth_time", session.authTime().getEpochSecond())
                .claim("acr", user.acr())
                .claim("groups", user.groups())
                .claim("email", user.email());
        return JwtFlaw.apply(flaws, draft).sign();
    }

    String idJag(
            DemoUser user,
            SsoSessions.Session session,
            Entitlement entitlement,
            @Nullable String resource,
            String scope,
            IdpBehaviour behaviour) {
        Instant now = now();
        boolean keycloak = behaviour.keycloakLike;
        JwtDraft draft = draft(keycloak ? "JWT" : "oauth-id-jag+jwt", user, entitlement.audience(), now)
                .claim("exp", now.plus(behaviour.idJagLifetime).getEpochSecond())
                .claim(keycloak ? "azp" : "client_id", keycloak ? entitlement.idpClientId() : entitlement.rasClientId())
                .claim("scope", scope)
                .claim("email", user.email());
        if (!keycloak) {
            draft.claim("resource", behaviour.resourceInIdJag ? resource : null)
                    .claim("auth_time", session.authTime().getEpochSecond());
        }
        return JwtFlaw.apply(behaviour.idJagFlaws, draft).sign();
    }

    /** An access token for an API of the enterprise's own (RFC 9068). */
    String accessToken(DemoUser user, String audience, List<String> roles, Set<JwtFlaw> flaws) {
        Instant now = now();
        JwtDraft draft = draft("at+jwt", user, audience, now)
                .claim("exp", now.plus(ACCESS_TOKEN_LIFETIME).getEpochSecond())
                .claim("client_id", "admin-console-at-idp")
                .claim("roles", roles);
        return JwtFlaw.apply(flaws, draft).sign();
    }

    /** A signal to a receiver, issued now: the rest of its claims is for the caller to add. */
    JwtDraft signal(String typ) {
        return new JwtDraft(typ, keys.getFirst())
                .claim("iss", issuer)
                .claim("jti", UUID.randomUUID().toString())
                .claim("iat", now().getEpochSecond());
    }

    private JwtDraft draft(String typ, DemoUser user, String audience, Instant now) {
        return new JwtDraft(typ, keys.getFirst())
                .claim("iss", issuer)
                .claim("sub", user.sub())
                .claim("aud", audience)
                .claim("jti", UUID.randomUUID().toString())
                .claim("iat", now.getEpochSecond());
    }
}
