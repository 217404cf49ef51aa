package dev.xaabroker.exchange;

import dev.xaabroker.grant.Credentials;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers for a while which RAS refused the broker's credentials, so that it is not asked again with the same ones
 * (RULES E10). New credentials in the file, other metadata, or time close a circuit.
 */
@ApplicationScoped
class Circuits {

    private record Key(String issuer, Credentials credentials) {}

    private record Open(Metadata metadata, Instant until) {}

    private final Clock clock;
    private final ExchangeConfig config;
    private final Map<Key, Open> circuits = new ConcurrentHashMap<>();

    Circuits(Clock clock, ExchangeConfig config) {
        this.clock = clock;
        this.config = config;
    }

    boolean isOpen(Metadata metadata, Credentials credentials) {
        Key key = new Key(metadata.issuer(), credentials);
        Open open = circuits.get(key);
        if (open == null) {
            return false;
        }
        boolean still = clock.instant().isBefore(open.until()) && metadata.equals(open.metadata());
        if (!still) {
            circuits.remove(key, open);
        }
        return still;
    }

    void open(Metadata metadata, Credentials credentials) {
        circuits.put(
                new Key(metadata.issuer(), credentials),
                new Open(metadata, clock.instant().plus(config.circuitOpen())));
    }

    void close(Metadata metadata, Credentials credentials) {
        circuits.remove(new Key(metadata.issuer(), credentials));
    }
}
