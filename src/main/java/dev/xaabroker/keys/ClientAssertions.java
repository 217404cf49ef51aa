package dev.xaabroker.keys;

import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.SigningKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jose4j.json.JsonUtil;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/**
 * Makes the assertions with which the broker proves itself at an IdP or a RAS (RFC 7523 s2.2; RULES B5, E3).
 *
 * <p>Not with SmallRye's {@code Jwt} builder: it adds what the application's configuration says, and these must hold what
 * the peer's entry says and nothing more.
 */
@ApplicationScoped
public class ClientAssertions {

    private static final long LIFETIME_SECONDS = 60;

    private final Clock clock;

    public ClientAssertions(Clock clock) {
        this.clock = clock;
    }

    /** A new assertion, for one HTTP attempt: it lives 60 s, and its {@code jti} is never used again. */
    public Secret sign(Credentials.PrivateKeyJwt credentials, String issuer, String tokenEndpoint) {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", credentials.clientId());
        claims.put("sub", credentials.clientId());
        claims.put("aud", credentials.shape().audienceFor(issuer, tokenEndpoint));
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", now);
        claims.put("exp", now + LIFETIME_SECONDS);
        SigningKey key = credentials.key();
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(key.algorithm());
        jws.setKeyIdHeaderValue(key.id());
        if (credentials.shape().type() != null) {
            jws.setHeader("typ", credentials.shape().type());
        }
        jws.setPayload(JsonUtil.toJson(claims));
        jws.setKey(key.privateKey());
        try {
            return Secret.of(jws.getCompactSerialization());
        } catch (JoseException e) {
            throw new IllegalStateException("cannot sign with the key " + key.id(), e);
        }
    }
}
