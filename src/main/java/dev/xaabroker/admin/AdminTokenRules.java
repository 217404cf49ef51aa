package dev.xaabroker.admin;

import dev.xaabroker.keys.KeysConfig;
import io.quarkus.arc.Unremovable;
import io.quarkus.oidc.TenantFeature;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.jwt.consumer.Validator;
import org.jspecify.annotations.Nullable;

/**
 * What makes a JWT of the IdP an access token for the admin face and nothing else (RULES K3): its {@code typ}, one audience
 * alone, and none of the claims that only other kinds of JWT have. Whoever else may receive a token cannot use it here.
 */
@Unremovable
@ApplicationScoped
@TenantFeature(AdminTokens.TENANT)
class AdminTokenRules implements Validator {

    /** What our own words begin with, among those of the JWT library. */
    static final String SAID = "xaa: ";

    private static final String MEDIA_TYPE_PREFIX = "application/";

    /** Claims of ID tokens (OIDC Core s2, s3.3.2.11), and of logout and security event tokens (RFC 8417 s2.2). */
    private static final List<String> OF_OTHER_KINDS = List.of("nonce", "at_hash", "c_hash", "s_hash", "events", "toe");

    private final String type;
    private final Clock clock;
    private final Duration clockSkew;

    AdminTokenRules(AdminConfig config, KeysConfig keys, Clock clock) {
        this.type = config.tokenType().toLowerCase(Locale.ROOT);
        this.clock = clock;
        this.clockSkew = keys.clockSkew();
    }

    /** A text that says what is wrong with the token, without a value of it; null when nothing is. */
    @Override
    public @Nullable String validate(JwtContext context) throws MalformedClaimException {
        String wrong = wrong(context);
        return wrong == null ? null : SAID + wrong;
    }

    private @Nullable String wrong(JwtContext context) throws MalformedClaimException {
        JwtClaims claims = context.getJwtClaims();
        if (context.getJoseObjects().size() != 1) {
            return "nested or encrypted";
        }
        if (!type.equals(type(context.getJoseObjects().getFirst().getHeader("typ")))) {
            return "header typ is not " + type;
        }
        if (claims.getAudience().size() != 1) {
            return "it is for further audiences";
        }
        NumericDate issued = claims.getIssuedAt();
        if (issued != null
                && issued.getValueInMillis() > clock.instant().plus(clockSkew).toEpochMilli()) {
            return "issued in the future";
        }
        for (String claim : OF_OTHER_KINDS) {
            if (claims.hasClaim(claim)) {
                return "claim " + claim + " belongs to another kind of token";
            }
        }
        // Keycloak says the kind in the payload: Bearer, ID, Refresh, Logout.
        Object kind = claims.getClaimValue("typ");
        return kind == null || kind.equals("Bearer") ? null : "claim typ names another kind of token";
    }

    /** RFC 7515 s4.1.9: without regard to case, and the prefix may be left out. */
    private static @Nullable String type(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String lower = header.toLowerCase(Locale.ROOT);
        return lower.startsWith(MEDIA_TYPE_PREFIX) ? lower.substring(MEDIA_TYPE_PREFIX.length()) : lower;
    }
}
