package dev.xaabroker.demo;

import java.time.Instant;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;

/** What every JWT must stand: signature, type, issuer, one audience, time. The caller says what a failure is called. */
final class JwtCheck {

    /** Not a valid JWT of the kind that was wanted; the text says why and holds nothing of it. */
    static final class Rejected extends Exception {
        private static final long serialVersionUID = 1L;

        Rejected(String message) {
            super(message);
        }
    }

    private JwtCheck() {}

    static JwtClaims verify(String jwt, String jwks, String typ, String issuer, String audience, Instant now)
            throws Rejected {
        try {
            JwtContext context = new JwtConsumerBuilder()
                    .setVerificationKeyResolver(
                            new JwksVerificationKeyResolver(new JsonWebKeySet(jwks).getJsonWebKeys()))
                    .setJwsAlgorithmConstraints(ClientCheck.ASYMMETRIC)
                    .setExpectedType(true, typ)
                    .setExpectedIssuer(true, issuer)
                    .setExpectedAudience(true, audience)
                    .setRequireSubject()
                    .setRequireJwtId()
                    .setRequireIssuedAt()
                    .setRequireExpirationTime()
                    .setIssuedAtRestrictions(30, 3600)
                    .setAllowedClockSkewInSeconds(30)
                    .setEvaluationTime(NumericDate.fromSeconds(now.getEpochSecond()))
                    .build()
                    .process(jwt);
            JwtClaims claims = context.getJwtClaims();
            if (claims.getAudience().size() != 1) {
                throw new Rejected("several audiences");
            }
            return claims;
        } catch (InvalidJwtException e) {
            throw new Rejected("invalid JWT, error codes "
                    + e.getErrorDetails().stream().map(d -> d.getErrorCode()).toList());
        } catch (MalformedClaimException | JoseException e) {
            throw new Rejected(e.getClass().getSimpleName());
        }
    }
}
