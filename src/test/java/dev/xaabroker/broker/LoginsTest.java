package dev.xaabroker.broker;

import static dev.xaabroker.broker.Example.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.ExchangeConfig;
import dev.xaabroker.exchange.IdentityProvider;
import dev.xaabroker.exchange.Pace;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.keys.KeyedHash;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.Session;
import dev.xaabroker.session.SessionStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LoginsTest {

    private final AtomicInteger proofs = new AtomicInteger();
    private final AtomicReference<String> endedFor = new AtomicReference<>();
    private Duration maxAge = Duration.ofHours(12);

    /** A node whose clock ran ahead must not keep sessions from being proven again for as long as it did. */
    @Test
    @Rules("H13")
    void provesASessionAgainWhoseProofIsFromTheFuture() {
        of(Example.session("https://idp.example", NOW.plus(Duration.ofHours(1))));

        assertThat(proofs).hasValue(1);
    }

    @Test
    void believesAProofThatIsYoungOrMadeByASlightlyFasterClock() {
        of(Example.session("https://idp.example", NOW.minusSeconds(60)));
        of(Example.session("https://idp.example", NOW.plusSeconds(2)));

        assertThat(proofs).hasValue(0);
    }

    /** The entry of that name may have been pointed at another IdP: the old one's refresh token is not for it. */
    @Test
    @Rules("D10")
    void showsNoIdpASessionOfAnother() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> of(Example.session("https://old-idp.example", NOW.minusSeconds(90))))
                .satisfies(refusal -> assertThat(refusal.failure().reason()).isEqualTo("session-unknown"));
        assertThat(proofs).hasValue(0);
    }

    /** It was adopted under a longer bound, which lies hours ahead. */
    @Test
    void aLoweredMaximumAgeBitesAtOnce() {
        Session adoptedTwoHoursAgo = Example.session("https://idp.example", NOW, NOW.minus(Duration.ofHours(2)));

        maxAge = Duration.ofHours(3);
        Login login = of(adoptedTwoHoursAgo);
        assertThat(((Login.InSession) login).session().expires()).isEqualTo(NOW.plus(Duration.ofHours(1)));

        maxAge = Duration.ofHours(2);
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> of(adoptedTwoHoursAgo))
                .satisfies(refusal -> assertThat(refusal.failure().reason()).isEqualTo("session-ended"));
        assertThat(endedFor).hasValue("expired");
        assertThat(proofs).hasValue(0);
    }

    private Login of(Session stored) {
        SessionStore sessions = Fake.of(
                SessionStore.class,
                Map.of(
                        "byHandle",
                        arguments -> stored,
                        "prove",
                        arguments -> {
                            proofs.incrementAndGet();
                            return new SessionStore.Proved(stored, Optional.empty());
                        },
                        "end",
                        arguments -> {
                            endedFor.set((String) arguments[1]);
                            return null;
                        }));
        return new Logins(
                        sessions,
                        Fake.of(IdentityProvider.class, Map.of()),
                        new Pace(Fake.of(ExchangeConfig.class, Map.of("idpRequestsPerMinute", arguments -> 6000))),
                        new MassLogoutBreaker(new TestConfig(), Example.CLOCK),
                        Example.reliedOn(),
                        new KeyedHash(KeyRing.of(KeyRing.generate())),
                        Example.CLOCK)
                .of(
                        Example.request(Example.client("corp")),
                        Fake.of(
                                Policy.class,
                                Map.of("tenant", arguments -> "acme", "maxSessionAge", arguments -> maxAge)),
                        Example.idp(),
                        known -> {});
    }
}
