package dev.xaabroker.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.User;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifetimeTest {

    private static final Instant ISSUED = Instant.parse("2026-11-21T10:00:00Z");

    @ParameterizedTest
    @CsvSource({
        // upstream, ceiling, session left -> end after, cacheable for at the moment of issue
        "3600, 300, 40000, 300, 270",
        "3600, 900, 40000, 300, 270",
        "300, 300, 40000, 300, 270",
        "120, 300, 40000, 120, 90",
        "3600, 120, 40000, 120, 90",
        "3600, 300, 45, 45, 15",
        "60, 300, 40000, 60, 30",
        "31, 300, 40000, 31, 1",
        "30, 300, 40000, 30, 0",
        "10, 300, 40000, 10, -20",
        "0, 300, 40000, 0, -30",
        "3600, 300, -5, -5, -35"
    })
    @Rules("F2")
    void endsWithTheShortestOfItsBounds(long upstream, long ceiling, long session, long end, long cacheable) {
        AccessToken token = token(upstream);
        Instant ends = Lifetime.end(token, Duration.ofSeconds(ceiling), ISSUED.plusSeconds(session));
        assertThat(ends).isEqualTo(ISSUED.plusSeconds(end));
        CachedToken cached = new CachedToken(new User("u"), "c", "r", 1, token, ends);
        assertThat(Lifetime.cacheable(cached, ISSUED)).isEqualTo(Duration.ofSeconds(cacheable));
    }

    static AccessToken token(long upstreamSeconds) {
        return new AccessToken(
                Secret.of("canary-token"), "Bearer", Scopes.of("read"), ISSUED, Duration.ofSeconds(upstreamSeconds));
    }
}
