package dev.xaabroker.keys;

import dev.xaabroker.keys.JwtRejected.Part;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Verifies Security Event Tokens of a Shared Signals transmitter (RFC 8417; SSF 1.0 s4; CAEP interop profile; RULES H5). */
@ApplicationScoped
public class SecurityEventVerifier {

    private static final Set<String> TYPES = Set.of("secevent+jwt");
    private static final List<String> ALGORITHMS = List.of(Algorithms.RS256);

    private final Timing timing;

    @Inject
    public SecurityEventVerifier(Clock clock, KeysConfig config) {
        this(clock, config.clockSkew());
    }

    public SecurityEventVerifier(Clock clock, Duration skew) {
        this.timing = new Timing(clock, skew);
    }

    /**
     * Checks whom a SET claims to come from, before any key is looked for. Nothing is proven by it.
     *
     * @throws JwtRejected of part ISSUER when it is not {@code issuer}
     */
    public void claimsToBeOf(String jwt, String issuer) {
        SignedJwt.readUnverified(jwt).issuer(issuer);
    }

    /**
     * Verifies that {@code jwt} is a SET of {@code issuer} for {@code audience}. It may be old: a stream delivers late. That
     * it was not handled before is for the caller to make sure.
     *
     * @throws JwtRejected when it is not
     */
    public SecurityEvent verify(String jwt, String jwks, String issuer, String audience) {
        Claims claims = SignedJwt.read(jwt, jwks, TYPES, ALGORITHMS);
        claims.issuer(issuer);
        claims.audienceWith(audience);
        // With either of them it could be taken for an ID token or an access token (SSF 1.0 s4.1).
        claims.absent("exp");
        claims.absent("sub");
        Map<String, Object> events = claims.object("events");
        if (events.size() != 1) {
            throw JwtRejected.of(Part.FORM, "claim events does not hold exactly one event");
        }
        String type = events.keySet().iterator().next();
        return new SecurityEvent(
                claims.id(),
                timing.checkBegun(claims),
                claims.optionalDate("toe"),
                type,
                new Claims(events).object(type),
                claims.object("sub_id"),
                claims.optionalString("txn"));
    }

    /**
     * What a verified SET says.
     *
     * @param id its {@code jti}
     * @param occurred its {@code toe}, when the event happened
     * @param type the URI of its one event
     * @param event what that URI holds; unmodifiable
     * @param subject its {@code sub_id} (RFC 9493); unmodifiable
     * @param transaction its {@code txn}
     */
    public record SecurityEvent(
            String id,
            Instant issuedAt,
            @Nullable Instant occurred,
            String type,
            Map<String, Object> event,
            Map<String, Object> subject,
            @Nullable String transaction) {

        @Override
        public String toString() {
            return "SecurityEvent[" + type.replaceAll("[^\\x21-\\x7E]", "?") + "]";
        }
    }
}
