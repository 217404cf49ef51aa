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

    private static final Duration BRIEFLY = Duration.ofSeconds(1);

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

    /**
     * Stores a token, replacing the one before it, when it lives long enough to be served again.
     *
     * @param lease of this very key
     * @return false, with nothing stored, when the lease was lost
     */
    public boolean store(CacheKey key, CachedToken token, Instant now, State.Lease lease) {
        if (!token.isFor(key)) {
            throw new IllegalArgumentException("a token must be stored under its own key");
        }
        String name = key.in(hash);
        Duration left = Lifetime.cacheable(token, now);
        if (left.isPositive()) {
            return state.putUnder(lease, name, sealer.sealBriefly(name, token.toBytes()), left);
        }
        state.remove(name);
        return state.extend(lease, BRIEFLY);
    }

    /** The lease of the exchange that fills this entry, unless another replica holds it. */
    public Optional<State.Lease> lease(CacheKey key, Duration life) {
        return state.lease(flight(key), life);
    }

    /** Prolongs a lease; false when it was lost. */
    public boolean extend(State.Lease lease, Duration life) {
        return state.extend(lease, life);
    }

    public void release(State.Lease lease) {
        state.release(lease);
    }

    /** Waits until the exchange under way for this entry is over, at most {@code most}. */
    public void awaitRelease(CacheKey key, Duration most) {
        state.awaitRelease(flight(key), most);
    }

    private String flight(CacheKey key) {
        return "flight:" + key.in(hash);
    }

    public void remove(CacheKey key) {
        state.remove(key.in(hash));
    }

    /** Under which name the token of this key lies here: a keyed hash, for {@link #forget}. */
    public String name(CacheKey key) {
        return key.in(hash);
    }

    /** Removes what lies under a name. */
    public void forget(String name) {
        state.remove(name);
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
