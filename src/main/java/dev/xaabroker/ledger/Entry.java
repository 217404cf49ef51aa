package dev.xaabroker.ledger;

import dev.xaabroker.grant.User;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the ledger (PRODUCT.md, "The ledger"; RULES G7). It holds no token and no e-mail.
 *
 * @param user the pseudonym, when the request got far enough to know
 * @param server the server entry's name, or null when the resource named none
 * @param rule the connection ids that allowed it (comma-separated), or the deny rule
 * @param revision SHA-256 of the policy's canonical content
 * @param asked scopes asked for, space-delimited; null when the request named none
 * @param decision {@code allowed}, {@code denied}, {@code failed} or {@code withheld}; {@code renewed} for a token that was
 *     obtained in the background, before the one in the cache ends, and handed to nobody by this entry; {@code ended} for the
 *     end of a session by one of us
 * @param reason the stable reason code
 * @param cache {@code hit}, {@code joined}, {@code miss}, {@code renewed} in the background, or null when the request did not
 *     get there
 * @param peerError the error code that the IdP or RAS gave, sanitised
 * @param idJagIdHash SHA-256 of the ID-JAG's {@code jti}
 * @param tokenFingerprint SHA-256 of the access token
 * @param weaker whether the profile's stand-in for an ID-JAG was used
 * @param detail private detail for the operator
 */
public record Entry(
        Instant time,
        String requestId,
        String tenant,
        @Nullable User user,
        String client,
        @Nullable String server,
        @Nullable String sessionId,
        @Nullable String rule,
        @Nullable String revision,
        @Nullable String asked,
        @Nullable String granted,
        String decision,
        String reason,
        @Nullable String cache,
        @Nullable Duration leg1,
        @Nullable Duration leg2,
        @Nullable String peerError,
        @Nullable String idJagIdHash,
        @Nullable String tokenFingerprint,
        boolean weaker,
        @Nullable String detail) {}
