package dev.xaabroker.demo;

import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Makes and signs what the identity provider issues. */
final class Issuing {

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

    private JwtDraft draft(String typ, DemoUser user, String audience, Instant now) {
        return new JwtDraft(typ, keys.getFirst())
                .claim("iss", issuer)
                .claim("sub", user.sub())
                .claim("aud", audience)
                .claim("jti", UUID.randomUUID().toString())
                .claim("iat", now.getEpochSecond());
    }
}
