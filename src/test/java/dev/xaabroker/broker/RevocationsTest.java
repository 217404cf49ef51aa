package dev.xaabroker.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.IdentityProvider;
import dev.xaabroker.exchange.ResourceAuthorizationServer;
import dev.xaabroker.exchange.Revoked;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.OutstandingTokens;
import dev.xaabroker.session.OutstandingTokens.Due;
import dev.xaabroker.session.OutstandingTokens.Kind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What becomes of the tokens that are to be revoked. */
class RevocationsTest {

    private final List<Entry> ledger = new CopyOnWriteArrayList<>();
    private final List<String> settled = new CopyOnWriteArrayList<>();
    private final Map<String, Instant> again = new ConcurrentHashMap<>();
    private final List<Due> queue = new ArrayList<>();
    private Revoked said = new Revoked.Done();
    private Duration takes = Duration.ZERO;
    private int calls;
    private Instant now = Example.NOW;
    private Optional<Client> client = Optional.of(Example.client("corp"));

    private final OutstandingTokens outstanding = Fake.of(
            OutstandingTokens.class,
            Map.of(
                    "take",
                    arguments -> {
                        List<Due> taken = List.copyOf(queue);
                        queue.clear();
                        return taken;
                    },
                    "settle",
                    arguments -> {
                        settled.add((String) arguments[0]);
                        return null;
                    },
                    "again",
                    arguments -> {
                        again.put((String) arguments[0], (Instant) arguments[1]);
                        return null;
                    }));

    private final Policy policy = Fake.of(
            Policy.class,
            Map.of(
                    "tenant", arguments -> "acme",
                    "revision", arguments -> "r1",
                    "client", arguments -> client,
                    "identityProvider", arguments -> Example.idp(),
                    "servers", arguments -> List.of(ExchangeTest.WIKI)));

    private final Revocations revocations = new Revocations(
            () -> policy,
            outstanding,
            Fake.of(ResourceAuthorizationServer.class, Map.of("revoke", arguments -> asked())),
            Fake.of(IdentityProvider.class, Map.of("revoke", arguments -> asked())),
            ledger::add,
            new SimpleMeterRegistry(),
            ((InstantSource) () -> now).withZone(ZoneOffset.UTC));

    private Revoked asked() {
        calls++;
        now = now.plus(takes);
        return said;
    }

    private static Due due(String id, Kind kind, String server, int attempts, Duration left) {
        return new Due(
                id,
                kind,
                "acme",
                "session",
                Example.ALICE,
                "cursor",
                server,
                Example.idp().issuer(),
                "fingerprint-of-" + id,
                Secret.of("canary"),
                Example.NOW.plus(left),
                Example.NOW,
                "admin: left",
                attempts);
    }

    private void attempt(Due due) {
        queue.add(due);
        assertThat(revocations.attempt(5)).isEqualTo(1);
    }

    @Test
    void whatIsRevokedGoesAndStandsInTheLedger() {
        attempt(due("a", Kind.ACCESS, ExchangeTest.WIKI.name(), 0, Duration.ofMinutes(5)));
        attempt(due("r", Kind.REFRESH, null, 0, Duration.ofHours(1)));

        assertThat(settled).containsExactly("a", "r");
        assertThat(ledger).extracting(Entry::decision).containsOnly("revoked");
        assertThat(ledger).extracting(Entry::reason).containsOnly("admin: left");
        assertThat(ledger).extracting(Entry::tokenFingerprint).containsExactly("fingerprint-of-a", "fingerprint-of-r");
        assertThat(ledger.toString()).doesNotContain("canary");
    }

    @Test
    void whatCannotBeRevokedGoesAndTheLedgerSaysWhy() {
        said = new Revoked.Never("it has no revocation endpoint");

        attempt(due("a", Kind.ACCESS, ExchangeTest.WIKI.name(), 0, Duration.ofMinutes(5)));

        assertThat(settled).containsExactly("a");
        assertThat(ledger).singleElement().satisfies(entry -> {
            assertThat(entry.decision()).isEqualTo("not-revoked");
            assertThat(entry.detail()).contains("it has no revocation endpoint");
        });
    }

    @Test
    void whatCannotBeRevokedNowIsTriedAgainEverMoreSeldom() {
        said = new Revoked.Later(Duration.ofSeconds(2), "it is down");

        attempt(due("first", Kind.ACCESS, ExchangeTest.WIKI.name(), 0, Duration.ofMinutes(5)));
        attempt(due("third", Kind.ACCESS, ExchangeTest.WIKI.name(), 2, Duration.ofMinutes(5)));
        attempt(due("ninth", Kind.ACCESS, ExchangeTest.WIKI.name(), 8, Duration.ofMinutes(5)));

        assertThat(settled).isEmpty();
        assertThat(ledger).isEmpty();
        assertThat(again)
                .containsEntry("first", Example.NOW.plusSeconds(1))
                .containsEntry("third", Example.NOW.plusSeconds(4))
                .containsEntry("ninth", Example.NOW.plusSeconds(60));
    }

    /** Thousands of its tokens would keep those of all others in the queue until they are over. */
    @Test
    @Rules("H13")
    void aPeerThatDoesNotAnswerIsNotWaitedForOncePerToken() {
        said = new Revoked.Later(Duration.ofSeconds(2), "timeout");
        takes = Duration.ofSeconds(5);
        attempt(due("first", Kind.ACCESS, ExchangeTest.WIKI.name(), 0, Duration.ofMinutes(5)));

        attempt(due("second", Kind.ACCESS, ExchangeTest.WIKI.name(), 0, Duration.ofMinutes(5)));

        assertThat(calls).isEqualTo(1);
        assertThat(again).containsOnlyKeys("first", "second");

        said = new Revoked.Done();
        takes = Duration.ZERO;
        attempt(due("refresh", Kind.REFRESH, null, 0, Duration.ofHours(1)));

        assertThat(settled).as("somebody else's").containsExactly("refresh");

        now = now.plusSeconds(10);
        attempt(due("third", Kind.ACCESS, ExchangeTest.WIKI.name(), 0, Duration.ofMinutes(5)));

        assertThat(settled).containsExactly("refresh", "third");
    }

    @Test
    void isGivenUpWhenTheTokenIsOverBeforeTheNextAttempt() {
        said = new Revoked.Later(Duration.ofSeconds(2), "it is down");

        attempt(due("a", Kind.ACCESS, ExchangeTest.WIKI.name(), 3, Duration.ofSeconds(7)));

        assertThat(settled).containsExactly("a");
        assertThat(ledger).singleElement().satisfies(entry -> {
            assertThat(entry.decision()).isEqualTo("not-revoked");
            assertThat(entry.detail()).contains("it is down");
        });
    }

    @Test
    void waitsForAServerOrClientThatThePolicyHasNoMore() {
        attempt(due("server", Kind.ACCESS, "gone", 3, Duration.ofMinutes(5)));
        client = Optional.empty();
        attempt(due("client", Kind.REFRESH, null, 3, Duration.ofMinutes(5)));

        assertThat(settled).isEmpty();
        assertThat(again).containsOnlyKeys("server", "client");
    }
}
