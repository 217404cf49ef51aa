package dev.xaabroker.exchange;

import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.Failure.LongToken;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Server;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a RAS granted before anyone sees the token (RULES E5 to E9, F2). The token is opaque: only the answer around
 * it is read. A token that is not used is given back.
 */
@ApplicationScoped
class RedeemedAnswer {

    private static final Logger LOG = Logger.getLogger(RedeemedAnswer.class);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private static final Duration UNSAID = Duration.ofSeconds(60);
    private static final long LONGEST_SECONDS = Duration.ofDays(3650).toSeconds();

    private final Revocation revocation;
    private final Clock clock;

    RedeemedAnswer(Revocation revocation, Clock clock) {
        this.revocation = revocation;
        this.clock = clock;
    }

    /**
     * What was asked for, and at whom.
     *
     * @param scopes the most that the token may grant: what the ID-JAG carries
     */
    record Asked(Server server, Metadata metadata, Credentials credentials, Scopes scopes) {

        PeerFault fault(String what) {
            return new PeerFault(Hop.RAS, server.peer().name(), "the authorization server of " + server.name() + what);
        }
    }

    /** An answer that must not be used, although there may be a token in it. */
    private static final class Unusable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Failure failure;

        Unusable(Failure failure) {
            super(null, null, false, false);
            this.failure = failure;
        }
    }

    /**
     * The token in {@code document}.
     *
     * @throws Refusal PeerFault, or LongToken
     */
    AccessToken checked(Asked asked, Document document) {
        giveBackRefreshToken(asked, document);
        @Nullable Secret token = token(document, "access_token");
        if (token == null) {
            throw asked.fault(" sent no access_token").refusal();
        }
        try {
            return new AccessToken(
                    token, type(asked, document), granted(asked, document), clock.instant(), lifetime(asked, document));
        } catch (Unusable unusable) {
            revocation.giveBack(asked.server(), asked.metadata(), asked.credentials(), token, Revocation.ACCESS_TOKEN);
            throw unusable.failure.refusal();
        } catch (Document.Malformed malformed) {
            revocation.giveBack(asked.server(), asked.metadata(), asked.credentials(), token, Revocation.ACCESS_TOKEN);
            throw asked.fault(" sent a token answer in which " + malformed.getMessage())
                    .refusal();
        }
    }

    /** A refresh token would outlive the user's session at the IdP: it is never kept (ID-JAG s4.4.3). */
    private void giveBackRefreshToken(Asked asked, Document document) {
        Secret refreshToken = token(document, "refresh_token");
        if (refreshToken != null) {
            revocation.giveBack(
                    asked.server(), asked.metadata(), asked.credentials(), refreshToken, Revocation.REFRESH_TOKEN);
        }
    }

    private static @Nullable Secret token(Document document, String member) {
        try {
            return document.text(member)
                    .filter(value -> !value.isEmpty())
                    .map(Secret::of)
                    .orElse(null);
        } catch (Document.Malformed notText) {
            return null;
        }
    }

    private static String type(Asked asked, Document document) {
        String type = document.required("token_type");
        if (!type.equalsIgnoreCase("Bearer")) {
            throw new Unusable(asked.fault(" issued a token of a type we cannot use: " + Quoted.of(type)));
        }
        checkResource(asked, document.textOrTexts("resource"));
        return type;
    }

    private static void checkResource(Asked asked, Optional<List<String>> answered) {
        if (answered.isPresent()
                && !answered.get().equals(List.of(asked.server().resource()))) {
            throw new Unusable(asked.fault(" issued a token for another resource than was asked for"));
        }
    }

    private static Scopes granted(Asked asked, Document document) {
        Scopes granted;
        try {
            granted = document.text("scope").map(Scopes::parse).orElse(asked.scopes());
        } catch (IllegalArgumentException malformed) {
            throw new Unusable(asked.fault(" sent a malformed scope"));
        }
        if (!asked.scopes().containsAll(granted)) {
            Scopes excess = granted.minus(asked.scopes());
            LOG.errorf(
                    "alert: the authorization server granted more than was asked for, the token is discarded"
                            + " server=%s excess=%s",
                    asked.server().name(), Quoted.of(excess.toString()));
            throw new Unusable(asked.fault(" granted scopes that were not asked for: " + Quoted.of(excess.toString())));
        }
        return granted;
    }

    private static Duration lifetime(Asked asked, Document document) {
        OptionalLong expiresIn = document.number("expires_in");
        if (expiresIn.isEmpty()) {
            return UNSAID;
        }
        Duration lifetime = Duration.ofSeconds(Math.min(expiresIn.getAsLong(), LONGEST_SECONDS));
        if (!lifetime.isPositive()) {
            throw new Unusable(asked.fault(" issued a token that is already over"));
        }
        if (lifetime.compareTo(FIVE_MINUTES) > 0 && !mayLiveLong(asked)) {
            throw new Unusable(new LongToken(asked.server().name(), lifetime));
        }
        return lifetime;
    }

    /** A promise to revoke that cannot be kept is none: without an endpoint for it the token is refused. */
    private static boolean mayLiveLong(Asked asked) {
        return switch (asked.server().longTokens()) {
            case REFUSE -> false;
            case REVOKE ->
                Revocation.isPossible(asked.metadata(), asked.server().tokenEndpointOrigins());
            case ACCEPT -> true;
        };
    }
}
