package dev.xaabroker.state;

import dev.xaabroker.keys.KeyedHash;
import dev.xaabroker.keys.SealBroken;
import dev.xaabroker.keys.Sealer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The cache of issued tokens: sealed values under keyed hashes, bound to their key, and compared with it when they are read.
 */
@ApplicationScoped
public class IssuedTokens {

    private static final Logger LOG = Logger.getLogger(IssuedTokens.class);

    private final State state;
    private final Sealer sealer;
    private final KeyedHash hash;

    public IssuedTokens(State state, Sealer sealer, KeyedHash hash) {
        this.state = state;
        this.sealer = sealer;
        this.hash = hash;
    }

    /**
     * The token of this very key, unless less than {@link Lifetime#MARGIN} of it is left.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable when the store does not answer
     */
    public Optional<CachedToken> find(CacheKey key, Instant now) {
        String name = key.in(hash);
        return state.get(name)
                .flatMap(found -> open(name, found, key))
                .filter(found -> Lifetime.cacheable(found, now).isPositive()
                        && !found.token().issued().isAfter(now.plus(Lifetime.MARGIN)));
    }

    /** Stores a token, replacing the one before it, when it lives long enough to be served again. */
    public void store(CacheKey key, CachedToken token, Instant now) {
        if (!token.isFor(key)) {
            throw new IllegalArgumentException("a token must be stored under its own key");
        }
        String name = key.in(hash);
        Duration left = Lifetime.cacheable(token, now);
        if (left.isPositive()) {
            state.put(name, sealer.seal(name, token.toBytes()), left);
        } else {
            state.remove(name);
        }
    }

    public void remove(CacheKey key) {
        state.remove(key.in(hash));
    }

    private Optional<CachedToken> open(String name, byte[] value, CacheKey key) {
        try {
            CachedToken found = CachedToken.fromBytes(sealer.open(name, value));
            if (found.isFor(key)) {
                return Optional.of(found);
            }
            LOG.errorf(
                    "ALERT: a cached token stands under a key that is not its own, discarded client=%s",
                    key.clientId());
        } catch (SealBroken | IllegalArgumentException e) {
            LOG.warnf("a cached token could not be opened, discarded client=%s", key.clientId());
        }
        state.remove(name);
        return Optional.empty();
    }
}
