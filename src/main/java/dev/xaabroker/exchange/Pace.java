package dev.xaabroker.exchange;

import dev.xaabroker.grant.Peer;
import dev.xaabroker.outbound.Answer;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * How much this replica asks of each IdP: so many token requests a minute, refreshes and exchanges together, and none while
 * the IdP wishes to be left alone. Beyond it nothing is sent, so that no refresh token is in doubt for it, and whoever asked
 * is refused: a login is never believed for longer because its IdP is busy.
 */
@ApplicationScoped
public class Pace {

    static final String LEFT_ALONE = "asked to be left alone";

    private static final Logger LOG = Logger.getLogger(Pace.class);
    private static final Duration A_WHILE = Duration.ofSeconds(5);
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int TOO_MANY_REQUESTS = 429;

    private final ConcurrentMap<String, Bucket> budgets = new ConcurrentHashMap<>();
    /** Until when an IdP is left alone, on the clock of {@link #nanos}, which nobody sets back. */
    private final ConcurrentMap<String, Long> quiet = new ConcurrentHashMap<>();

    private final int perMinute;
    private final LongSupplier nanos;

    @Inject
    public Pace(ExchangeConfig config) {
        this(config.idpRequestsPerMinute(), System::nanoTime);
    }

    Pace(int perMinute, LongSupplier nanos) {
        if (perMinute < 1) {
            throw new IllegalStateException("xaa.exchange.idp-requests-per-minute must be at least 1");
        }
        this.perMinute = perMinute;
        this.nanos = nanos;
    }

    /** Counts one token request to an IdP; why it must not be sent, and when to come back, if so. */
    Optional<TokenAnswer.Unsent> refuses(Peer idp) {
        Duration left = quietFor(idp);
        if (left.isPositive()) {
            return Optional.of(new TokenAnswer.Unsent(
                    wholeSeconds(left), idp.name() + " " + LEFT_ALONE + ", nothing was sent to it"));
        }
        ConsumptionProbe probe = budget(idp).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed()
                ? Optional.empty()
                : Optional.of(new TokenAnswer.Unsent(
                        wholeSeconds(Duration.ofNanos(probe.getNanosToWaitForRefill())),
                        idp.name() + ": its request budget is spent, nothing was sent to it"
                                + " (xaa.exchange.idp-requests-per-minute)"));
    }

    /** Takes note of how an IdP answered: after 429, and after an error with {@code Retry-After}, it is left alone. */
    void heard(Peer idp, Answer answer, Instant now) {
        boolean named = answer.header("retry-after").isPresent();
        if (answer.status() == TOO_MANY_REQUESTS || (answer.status() >= 500 && named)) {
            Duration wait = RetryAfter.of(answer, now);
            if (!quietFor(idp).isPositive()) {
                LOG.warnf(
                        "An IdP asks to be left alone idp=%s status=%d s=%d",
                        idp.name(), answer.status(), wait.toSeconds());
            }
            long until = nanos.getAsLong() + wait.toNanos();
            quiet.merge(idp.name(), until, (known, fresh) -> fresh - known > 0 ? fresh : known);
        }
    }

    /** Whether there is nothing to spare for what could wait: it asked to be left alone, or half of its budget is gone. */
    public boolean isTight(Peer idp) {
        return quietFor(idp).isPositive() || budget(idp).getAvailableTokens() <= perMinute / 2;
    }

    /** When to come back for what could wait: when the IdP may be asked again, or in a few seconds of budget. */
    public Duration comeBack(Peer idp) {
        Duration quiet = quietFor(idp);
        return quiet.isPositive() ? wholeSeconds(quiet) : A_WHILE;
    }

    private Duration quietFor(Peer idp) {
        Long until = quiet.get(idp.name());
        if (until == null) {
            return Duration.ZERO;
        }
        long left = until - nanos.getAsLong();
        if (left <= 0) {
            quiet.remove(idp.name(), until);
        }
        return Duration.ofNanos(left);
    }

    private Bucket budget(Peer idp) {
        return budgets.computeIfAbsent(idp.name(), name -> Bucket.builder()
                .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, WINDOW))
                .withCustomTimePrecision(new Meter(nanos))
                .build());
    }

    /** Whoever comes back after it must not be a moment too early. */
    private static Duration wholeSeconds(Duration wait) {
        return Duration.ofSeconds(wait.plusNanos(999_999_999).toSeconds());
    }

    private record Meter(LongSupplier nanos) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return nanos.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
