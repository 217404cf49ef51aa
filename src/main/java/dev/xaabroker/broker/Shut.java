package dev.xaabroker.broker;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Kills;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.policy.Decision;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.KillSwitch;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/** Lets the policy know what security has shut: before anything else, and once more at the very end. */
@ApplicationScoped
class Shut {

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final KillSwitch kills;

    Shut(KillSwitch kills) {
        this.kills = kills;
    }

    /** The question, asked under what is shut now. */
    Policy.Query now(Policy policy, Policy.Query query) {
        return query.under(kills.inForce(policy.tenant()));
    }

    /** What is shut now. */
    Kills inForce(String tenant) {
        return kills.inForce(tenant);
    }

    /** Why a request would be refused because of what is shut, if it would. */
    static Optional<Refusal> refusal(Kills kills, Policy policy, Policy.Query query, Identity user) {
        return !kills.equals(Kills.NONE) && policy.decide(query.under(kills), user) instanceof Decision.Refused refused
                ? Optional.of(refused.failure().refusal())
                : Optional.empty();
    }

    /**
     * Refuses when something was shut while the request was under way, so that it would be refused, or allowed by less, now.
     *
     * @throws dev.xaabroker.grant.Refusal Denied with what was shut, or Unavailable when another connection still allows it
     */
    void assertStillOpen(Trip trip) {
        Decision decision = trip.policy()
                .decide(now(trip.policy(), trip.query()), trip.login().identity());
        switch (decision) {
            case Decision.Refused refused -> throw refused.failure().refusal();
            case Decision.Allowed allowed -> {
                if (!allowed.fingerprint().equals(trip.allowed().fingerprint())) {
                    throw new Failure.Unavailable(
                                    "broker", AGAIN, "a connection was shut while the request was under way")
                            .refusal();
                }
            }
        }
    }
}
