package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoTransmitter;
import dev.xaabroker.demo.Fault;
import dev.xaabroker.exchange.SharedSignals.Batch;
import dev.xaabroker.exchange.SharedSignals.SetError;
import dev.xaabroker.exchange.SharedSignals.Standing;
import dev.xaabroker.exchange.SharedSignals.Stream;
import dev.xaabroker.exchange.SharedSignals.Verdicts;
import dev.xaabroker.exchange.SharedSignals.Wanted;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Signals;
import dev.xaabroker.grant.SsfStream;
import dev.xaabroker.grant.SsfStream.Delivery;
import dev.xaabroker.grant.SsfStream.Management;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The management of a stream, and polling, against a transmitter that speaks real HTTP. */
class SharedSignalsTest {

    private static final List<String> EVENTS = List.of("urn:a", "urn:b");
    private static final String PUSH = "https://broker.example/signals/ssf/corp";

    private final DemoTransmitter transmitter = new DemoTransmitter();
    private final World world = new World();
    private final SharedSignals signals = world.sharedSignals();
    private Management management = new Management.Token(Secret.of(DemoTransmitter.TOKEN));
    private String issuer = transmitter.issuer();
    private List<String> origins = List.of();

    @AfterEach
    void close() {
        transmitter.close();
        world.close();
    }

    private IdentityProviderEntry idp() {
        IdentityProviderEntry plain = world.idpEntry();
        return new IdentityProviderEntry(
                plain.tenant(),
                plain.name(),
                plain.issuer(),
                plain.status(),
                plain.profile(),
                plain.strategy(),
                plain.recheck(),
                plain.claims(),
                true,
                true,
                false,
                origins,
                plain.peer(),
                new Signals(
                        Set.of(Signals.Way.SSF),
                        new Signals.Ssf(
                                issuer,
                                null,
                                "acme",
                                null,
                                new SsfStream(
                                        Delivery.POLL,
                                        management,
                                        Duration.ofSeconds(1),
                                        Duration.ofMinutes(5),
                                        Duration.ofSeconds(15)))));
    }

    private static Wanted wanted(@Nullable String known, @Nullable String push) {
        return new Wanted(known, push, push == null ? null : Secret.of("Bearer push-canary"), EVENTS, "ours");
    }

    private Stream open() {
        return signals.open(idp(), wanted(null, null));
    }

    @Test
    @Rules("H7")
    void makesAStreamToPollAndReliesOnWhatTheTransmitterSays() {
        transmitter.stream.put("events_delivered", List.of("urn:b"));
        transmitter.stream.put("min_verification_interval", 60);

        Stream stream = open();

        assertThat(stream.delivered()).containsExactly("urn:b");
        assertThat(stream.pollUrl()).isEqualTo(issuer + "/poll");
        assertThat(stream.audience()).containsExactly("receiver-" + stream.id());
        assertThat(stream.verifyAtMostEvery()).isEqualTo(Duration.ofMinutes(1));
        assertThat(transmitter.bodies())
                .singleElement()
                .asString()
                .contains(
                        "\"delivery\":{\"method\":\"urn:ietf:rfc:8936\"}",
                        "\"events_requested\":[\"urn:a\",\"urn:b\"]",
                        "\"description\":\"ours\"")
                .doesNotContain("stream_id");
    }

    @Test
    void makesAStreamThatPushesToOurAddressWithTheHeaderAgreedOn() {
        Stream stream = signals.open(idp(), wanted(null, PUSH));

        assertThat(stream.pollUrl()).isNull();
        assertThat(transmitter.bodies()).singleElement().asString().contains("""
                "delivery":{"method":"urn:ietf:rfc:8935","endpoint_url":"https://broker.example/signals/ssf/corp",\
                "authorization_header":"Bearer push-canary"}""");
    }

    @Test
    void takesTheStreamThatIsThereAndBringsItUpToDate() {
        Stream first = open();

        assertThat(open().id()).as("by its description").isEqualTo(first.id());
        transmitter.stream.put("description", "renamed");
        assertThat(signals.open(idp(), wanted(first.id(), null)).id())
                .as("by its id")
                .isEqualTo(first.id());
        assertThat(transmitter.recording().count("create")).isOne();
        assertThat(transmitter.recording().count("update")).isEqualTo(2);
    }

    /** As Keycloak, where an administrator may have made it beforehand. */
    @Test
    void takesTheOnlyStreamOfATransmitterWithRoomForOne() {
        transmitter.full = true;
        transmitter.stream.putAll(Map.of("stream_id", "made-by-hand", "description", "somebody's"));

        assertThat(open().id()).isEqualTo("made-by-hand");

        transmitter.forget();
        assertThat(World.failure(this::open).detail()).contains("allows no other");
    }

    @Test
    @Rules("K3")
    void aStreamThatIsNotWhatWasAskedForIsNone() {
        transmitter.faults().next("create", Fault.rewrite(made -> made.put("iss", "https://other.example")));
        assertThat(World.failure(this::open).detail()).contains("a stream of another issuer");
        transmitter.forget();
        transmitter.faults().next("create", Fault.rewrite(made -> made.put("delivery", Map.of("method", "urn:x"))));
        assertThat(World.failure(this::open).detail()).contains("another delivery method");
        transmitter.forget();
        transmitter
                .faults()
                .next(
                        "create",
                        Fault.rewrite(made -> made.put(
                                "delivery",
                                Map.of(
                                        "method",
                                        "urn:ietf:rfc:8936",
                                        "endpoint_url",
                                        "https://elsewhere.example/poll"))));
        assertThat(World.failure(this::open).detail()).contains("not on the transmitter's origin");
    }

    @Test
    @Rules("K1")
    void theTokenGoesToTheTransmittersOwnOriginOnly() {
        transmitter
                .faults()
                .next(
                        "configuration",
                        Fault.rewrite(said -> said.put("configuration_endpoint", "http://127.0.0.1:1/streams")));

        assertThat(World.failure(this::open)).isInstanceOfSatisfying(Failure.PeerFault.class, fault -> assertThat(
                        fault.detail())
                .contains("configuration_endpoint http://127.0.0.1:1/streams is not on the transmitter's origin"));
        assertThat(transmitter.recording().count("list")).isZero();
    }

    @Test
    void fetchesEventsAndSaysWhatBecameOfThem() {
        Stream stream = open();
        String one = transmitter.sessionRevoked("https://idp.example", "alice");
        String two = transmitter.sessionRevoked("https://idp.example", "bob");

        Batch first = signals.poll(idp(), String.valueOf(stream.pollUrl()), Verdicts.NONE, 1);
        assertThat(first.sets()).containsOnlyKeys(one);
        assertThat(first.more()).isTrue();
        assertThat(first).hasToString("Batch[1, more=true]");
        Verdicts verdicts = new Verdicts(Set.of(one), Map.of(two, new SetError("invalid_key", "unknown key")));
        Batch second = signals.poll(idp(), String.valueOf(stream.pollUrl()), verdicts, 0);

        assertThat(second.sets()).isEmpty();
        assertThat(second.more()).isFalse();
        assertThat(transmitter.acknowledged()).containsExactly(one);
        assertThat(transmitter.refused()).containsExactly(Map.entry(two, "invalid_key"));
        assertThat(transmitter.bodies().getLast()).contains("\"maxEvents\":0", "\"returnImmediately\":true");
    }

    @Test
    @Rules("H10")
    void asksForAVerificationAndHowTheStreamStands() {
        Stream stream = open();

        signals.verify(idp(), stream.id(), "state-1");
        transmitter.become("paused", false);

        assertThat(transmitter.states()).containsExactly("state-1");
        assertThat(signals.standing(idp(), stream.id())).contains(Standing.PAUSED);
        assertThat(World.failure(() -> signals.verify(idp(), "unknown", "state-2")))
                .isInstanceOf(Failure.PeerFault.class);
    }

    /** Keycloak answers 429 to whoever asks for verifications too often. */
    @Test
    void aTransmitterThatIsAwayOrBusyIsComeBackTo() {
        Stream stream = open();
        transmitter.faults().next("verify", new Fault.Answer(429, Map.of("Retry-After", "7"), ""));
        transmitter.faults().next("poll", new Fault.Answer(503, Map.of(), ""), Fault.drop());

        assertThat(World.failure(() -> signals.verify(idp(), stream.id(), "s")))
                .isEqualTo(new Failure.Unavailable("ssf", Duration.ofSeconds(7), "ssf:corp answered 429"));
        for (int i = 0; i < 2; i++) {
            assertThat(World.failure(() -> signals.poll(idp(), String.valueOf(stream.pollUrl()), Verdicts.NONE, 1)))
                    .isInstanceOf(Failure.Unavailable.class);
        }
    }

    @Test
    void theRightToManageItCanComeFromTheIdp() {
        management = new Management.Registration(new Credentials.SecretBasic("broker", Secret.of("secret-canary")));
        AtomicInteger given = new AtomicInteger();
        world.idp.instead = request -> LoopbackPeer.Reply.json(
                200,
                Map.of(
                        "access_token",
                        given.incrementAndGet() == 1 ? "stale" : DemoTransmitter.TOKEN,
                        "token_type",
                        "Bearer",
                        "expires_in",
                        300));

        Stream stream = open();
        signals.standing(idp(), stream.id());

        assertThat(given).as("one that was refused, one that is kept").hasValue(2);
        assertThat(world.idp.lastTokenRequest().parameter("grant_type")).isEqualTo("client_credentials");
        assertThat(world.idp.lastTokenRequest().parameter("scope")).isEqualTo("ssf.manage ssf.read");
        assertThat(world.idp.lastTokenRequest().headers().get("authorization")).startsWith("Basic ");
    }

    @Test
    void aTransmitterThatRefusesTheTokenIsAFaultAndTheTokenStaysSecret() {
        management = new Management.Token(Secret.of("wrong-token-canary"));

        Failure failure = World.failure(this::open);

        assertThat(failure).isInstanceOf(Failure.PeerFault.class);
        assertThat(failure.detail()).contains("answered 401").doesNotContain("canary");
    }
}
