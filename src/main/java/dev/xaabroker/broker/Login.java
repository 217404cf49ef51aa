package dev.xaabroker.broker;

import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.session.Session;
import java.time.Instant;
import java.util.Optional;

/** Who a connect is for: a session, or an ID token that stands for itself. */
sealed interface Login {

    Identity identity();

    /** What stands for the session in the cache key: two logins never share an entry (RULES F1). */
    String cacheId();

    /** When the session was adopted, if there is one. */
    Optional<Instant> began();

    /** The epoch at which this request began; zero without a session. */
    long epoch();

    /** A session, with the handle when this request adopted it and the proof when this request has one at hand. */
    record InSession(Session session, Optional<Secret> handle, Optional<Proof> proof) implements Login {

        @Override
        public Identity identity() {
            return session.identity();
        }

        @Override
        public String cacheId() {
            return session.id();
        }

        @Override
        public Optional<Instant> began() {
            return Optional.of(session.began());
        }

        @Override
        public long epoch() {
            return session.epoch();
        }

        InSession proved(Session fresh, Optional<Proof> newer) {
            return new InSession(fresh, handle, newer.or(() -> proof));
        }
    }

    /**
     * A sessionless connect.
     *
     * @param cacheId keyed hash of the ID token
     * @param usableUntil when what it gave may no longer be served: {@code recheck} from now
     */
    record Sessionless(Identity identity, Secret idToken, String cacheId, Instant usableUntil) implements Login {

        @Override
        public Optional<Instant> began() {
            return Optional.empty();
        }

        @Override
        public long epoch() {
            return 0;
        }
    }
}
