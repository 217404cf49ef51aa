package dev.xaabroker.broker;

import static dev.xaabroker.broker.Example.CLOCK;
import static dev.xaabroker.broker.Example.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.broker.SecurityEvents.Result;
import dev.xaabroker.exchange.SignalKeys;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Signal;
import dev.xaabroker.grant.Signal.Whose;
import dev.xaabroker.keys.SecurityEventVerifier;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.session.StreamStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each security event means here. */
class SecurityEventsTest {

    private static final String CAEP = "https://schemas.openid.net/secevent/caep/event-type/";
    private static final String RISC = "https://schemas.openid.net/secevent/risc/event-type/";
    private static final String SSF = "https://schemas.openid.net/secevent/ssf/event-type/";
    private static final String AUDIENCE = "https://broker.example/signals/ssf/corp";
    private static final long AT = NOW.getEpochSecond();
    private static final RsaJsonWebKey KEY = key();
    private static final String JWKS = "{\"keys\":[" + KEY.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY) + "]}";

    private static final Map<String, Object> ALICE =
            Map.of("format", "iss_sub", "iss", "https://idp.example", "sub", "alice");

    private final List<Signal> ended = new ArrayList<>();
    private final List<Entry> ledger = new ArrayList<>();
    private final List<String> streams = new ArrayList<>();
    private Set<String> critical = Set.of();
    private SignalDesk.Outcome outcome = SignalDesk.Outcome.ENDED;

    @ParameterizedTest
    @Rules({"H8", "H9"})
    @CsvSource({
        CAEP + "session-revoked, SESSION_REVOKED",
        CAEP + "credential-change, CREDENTIAL_CHANGE",
        RISC + "account-disabled, ACCOUNT_DISABLED",
        RISC + "account-purged, ACCOUNT_PURGED",
        RISC + "credential-compromise, CREDENTIAL_COMPROMISE",
        RISC + "sessions-revoked, SESSION_REVOKED"
    })
    void endsWhatTheEventSays(String type, Signal.Kind kind) {
        accepted(set(ALICE, type, Map.of("change_type", "revoke")));

        assertThat(ended).singleElement().satisfies(signal -> {
            assertThat(signal.kind()).isEqualTo(kind);
            assertThat(signal.id()).isEqualTo("e-1");
            assertThat(signal.whose()).isEqualTo(new Whose("alice", null, null));
            assertThat(signal.upTo()).isEqualTo(NOW.minusSeconds(3));
            assertThat(signal.received()).isEqualTo(NOW);
        });
    }

    @ParameterizedTest
    @Rules("H9")
    @CsvSource({"revoke,1", "update,1", "delete,1", "create,0"})
    void aNewCredentialEndsNothing(String change, int ends) {
        accepted(set(ALICE, CAEP + "credential-change", Map.of("change_type", change)));

        assertThat(ended).hasSize(ends);
        assertThat(ledger).hasSize(1 - ends).allMatch(entry -> entry.decision().equals("noted"));
    }

    @Test
    @Rules("H8")
    void knowsUsersByEmailAndByIssuerAndSubject() {
        assertThat(whose(Map.of("format", "email", "email", "Alice@acme.example")))
                .isEqualTo(new Whose(null, null, "Alice@acme.example"));
        assertThat(whose(ALICE)).isEqualTo(new Whose("alice", null, null));
    }

    @Test
    @Rules("H8")
    void allMembersOfAComplexSubjectMustMatchAndTheOthersAreWildcards() {
        Map<String, Object> session = Map.of("format", "opaque", "id", "sid-1");
        assertThat(whose(Map.of("format", "complex", "user", ALICE, "session", session)))
                .isEqualTo(new Whose("alice", "sid-1", null));
        assertThat(whose(Map.of("user", ALICE, "tenant", Map.of("format", "opaque", "id", "acme"))))
                .isEqualTo(new Whose("alice", null, null));
        assertThat(whose(Map.of("format", "complex", "session", session))).isEqualTo(new Whose(null, "sid-1", null));
        assertThat(whose(Map.of("user", ALICE, "device", Map.of("format", "opaque", "id", "d"))))
                .isEqualTo(new Whose("alice", null, null));
        nobody(Map.of("user", ALICE, "tenant", Map.of("format", "opaque", "id", "other")));
        nobody(Map.of("user", elsewhere(), "session", session));
        nobody(Map.of("device", Map.of("format", "opaque", "id", "d")));
    }

    @Test
    @Rules("H8")
    void theSessionAllBesideAUserIsEverySessionOfThatUser() {
        Map<String, Object> all = Map.of("format", "opaque", "id", "ALL");

        assertThat(whose(Map.of("format", "complex", "user", ALICE, "session", all)))
                .isEqualTo(new Whose("alice", null, null));
        assertThat(whose(Map.of("format", "complex", "session", all))).isEqualTo(new Whose(null, "ALL", null));
    }

    @Test
    @Rules("H8")
    void aCriticalMemberThatIsNotUnderstoodDiscardsAll() {
        critical = Set.of("device", "tenant", "session");

        nobody(Map.of("user", ALICE, "device", Map.of("format", "opaque", "id", "d")));
        nobody(Map.of("user", ALICE, "tenant", Map.of("format", "uri", "uri", "https://acme")));
        nobody(Map.of("user", ALICE, "session", Map.of("format", "uri", "uri", "urn:s")));
        assertThat(whose(Map.of("user", ALICE, "tenant", Map.of("format", "opaque", "id", "acme"))))
                .isEqualTo(new Whose("alice", null, null));
    }

    @Test
    @Rules({"H6", "H8"})
    void whoeverIsNotOursIsAcknowledgedAndNothingChanges() {
        nobody(elsewhere());
        nobody(Map.of("format", "opaque", "id", "stream-1"));
        nobody(Map.of("format", "phone_number", "phone_number", "+12065550100"));
        accepted(set(ALICE, "https://example.com/event/unheard-of", Map.of()));
        assertThat(ended).isEmpty();

        outcome = SignalDesk.Outcome.UNKNOWN_USER;
        accepted(set(ALICE, CAEP + "session-revoked", Map.of()));
        outcome = SignalDesk.Outcome.DUPLICATE;
        accepted(set(ALICE, CAEP + "session-revoked", Map.of()));
    }

    @Test
    @Rules("H5")
    void aSubjectOrEventThatCannotBeReadIsRejected() {
        rejected("invalid_request", set(Map.of(), CAEP + "session-revoked", Map.of()));
        rejected("invalid_request", set(Map.of("format", 7), CAEP + "session-revoked", Map.of()));
        rejected("invalid_request", set(Map.of("format", "email"), CAEP + "session-revoked", Map.of()));
        rejected("invalid_request", set(Map.of("format", "iss_sub", "sub", "x"), CAEP + "session-revoked", Map.of()));
        rejected("invalid_request", set(Map.of("user", ALICE, "session", "s"), CAEP + "session-revoked", Map.of()));
        rejected("invalid_request", set(Map.of("user", Map.of()), CAEP + "session-revoked", Map.of()));
        rejected("invalid_request", set(ALICE, CAEP + "credential-change", Map.of()));
        rejected("invalid_request", set(ALICE, CAEP + "credential-change", Map.of("change_type", "forget")));
        assertThat(ended).isEmpty();
        assertThat(ledger).isEmpty();
    }

    @Test
    @Rules("H5")
    void whoCannotBeBelievedIsToldWhichPartIsWrong() {
        Map<String, Object> set = set(ALICE, CAEP + "session-revoked", Map.of());
        rejected("invalid_issuer", with(set, "iss", "https://other.example"));
        rejected("invalid_audience", with(set, "aud", "https://other.example"));
        rejected("invalid_request", with(set, "exp", AT + 60));
        rejected("invalid_request", with(set, "sub", "alice"));
        String jwt = sign(set);
        assertThat(receive(jwt.substring(0, jwt.length() - 6) + "AAAAAA"))
                .isInstanceOfSatisfying(
                        Result.Rejected.class, no -> assertThat(no.code()).isEqualTo("invalid_key"));
        String foreign = sign(with(set, "iss", "https://other.example"));
        assertThat(receive(foreign.substring(0, foreign.length() - 6) + "AAAAAA"))
                .as("no key is looked for when another issuer is named")
                .isInstanceOfSatisfying(
                        Result.Rejected.class, no -> assertThat(no.code()).isEqualTo("invalid_issuer"));
        assertThat(receive("no JWT")).isInstanceOfSatisfying(Result.Rejected.class, no -> assertThat(no.code())
                .isEqualTo("invalid_request"));
        assertThat(ended).isEmpty();
    }

    @Test
    @Rules("H8")
    void loginsAreOverUpToWhenItHappened() {
        assertThat(upTo(Map.of(), null)).isEqualTo(AT - 3);
        assertThat(upTo(Map.of(), AT - 50)).isEqualTo(AT - 50);
        assertThat(upTo(Map.of("event_timestamp", AT - 90), AT - 50)).isEqualTo(AT - 90);
        assertThat(upTo(Map.of("event_timestamp", (AT - 90) * 1000), AT - 50)).isEqualTo(AT - 90);
        assertThat(upTo(Map.of("event_timestamp", AT + 9000), null))
                .as("never in the future")
                .isEqualTo(AT);
    }

    @Test
    @Rules("H10")
    void whatAStreamSaysOfItselfGoesToItsKeeper() {
        Map<String, Object> stream = Map.of("format", "opaque", "id", "stream-1");
        accepted(set(stream, SSF + "verification", Map.of("state", "right")));
        rejected("invalid_state", set(stream, SSF + "verification", Map.of("state", "wrong")));
        rejected("invalid_state", set(stream, SSF + "verification", Map.of()));
        rejected("invalid_request", set(ALICE, SSF + "verification", Map.of("state", "right")));
        accepted(set(stream, SSF + "stream-updated", Map.of("status", "paused")));
        rejected("invalid_request", set(stream, SSF + "stream-updated", Map.of("status", "asleep")));

        assertThat(streams).containsExactly("stream-1 right", "stream-1 wrong", "stream-1 null", "updated paused");
        assertThat(ended).isEmpty();
    }

    @Test
    @Rules("H6")
    void whatIsNotDoneIsNeitherAcceptedNorRejected() {
        SecurityEvents events = events((signal, requestId) -> {
            throw new Failure.Unavailable("store", Duration.ofSeconds(1), "down").refusal();
        });
        String set = sign(set(ALICE, CAEP + "session-revoked", Map.of()));

        assertThatExceptionOfType(Refusal.class).isThrownBy(() -> events.receive(idp(), Secret.of(set), "r"));
    }

    private static Map<String, Object> elsewhere() {
        return Map.of("format", "iss_sub", "iss", "https://other.example", "sub", "alice");
    }

    private Whose whose(Map<String, Object> subject) {
        ended.clear();
        accepted(set(subject, CAEP + "session-revoked", Map.of()));
        assertThat(ended).hasSize(1);
        return ended.getFirst().whose();
    }

    private void nobody(Map<String, Object> subject) {
        ended.clear();
        ledger.clear();
        accepted(set(subject, CAEP + "session-revoked", Map.of()));
        assertThat(ended).as(subject.toString()).isEmpty();
        assertThat(ledger).singleElement().satisfies(entry -> {
            assertThat(entry.decision()).isEqualTo("noted");
            assertThat(entry.reason()).isEqualTo("session-revoked");
            assertThat(entry.detail()).doesNotContain("alice");
        });
    }

    private long upTo(Map<String, Object> event, @Nullable Object toe) {
        ended.clear();
        accepted(with(set(ALICE, CAEP + "session-revoked", event), "toe", toe));
        return ended.getFirst().upTo().getEpochSecond();
    }

    private void accepted(Map<String, Object> set) {
        assertThat(receive(sign(set))).isEqualTo(new Result.Accepted());
    }

    private void rejected(String code, Map<String, Object> set) {
        assertThat(receive(sign(set))).isInstanceOfSatisfying(Result.Rejected.class, no -> assertThat(no.code())
                .isEqualTo(code));
    }

    private Result receive(String jwt) {
        return events((signal, requestId) -> {
                    ended.add(signal);
                    return outcome;
                })
                .receive(idp(), Secret.of(jwt), "request-1");
    }

    private SecurityEvents events(java.util.function.BiFunction<Signal, String, SignalDesk.Outcome> desk) {
        return new SecurityEvents(
                new SignalSources(Fake.of(ManagedConnections.class, Map.of()), new StreamStore(), new Config()),
                Fake.of(
                        SignalKeys.class,
                        Map.of(
                                "byTransmitter",
                                arguments -> check(arguments[1]),
                                "criticalSubjectMembers",
                                arguments -> critical)),
                new SecurityEventVerifier(CLOCK, Duration.ofSeconds(30)),
                desk,
                new StreamEvents() {
                    @Override
                    public boolean verification(IdentityProviderEntry idp, String id, @Nullable String state) {
                        streams.add(id + " " + state);
                        return "right".equals(state);
                    }

                    @Override
                    public void updated(IdentityProviderEntry idp, String status) {
                        streams.add("updated " + status);
                    }
                },
                ledger::add,
                CLOCK);
    }

    @SuppressWarnings("unchecked")
    private static Object check(Object check) {
        return ((java.util.function.Function<String, Object>) check).apply(JWKS);
    }

    private static IdentityProviderEntry idp() {
        return Example.idp();
    }

    private record Config() implements SignalsConfig {

        @Override
        public String address() {
            return "https://broker.example/";
        }

        @Override
        public int requestsPerSourcePerMinute() {
            return 1;
        }
    }

    private static Map<String, Object> set(Map<String, Object> subject, String type, Map<String, Object> event) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", "https://idp.example");
        claims.put("aud", AUDIENCE);
        claims.put("jti", "e-1");
        claims.put("iat", AT - 3);
        claims.put("sub_id", subject);
        claims.put("events", Map.of(type, event));
        return claims;
    }

    private static Map<String, Object> with(Map<String, Object> claims, String name, @Nullable Object value) {
        Map<String, Object> copy = new LinkedHashMap<>(claims);
        if (value != null) {
            copy.put(name, value);
        }
        return copy;
    }

    private static RsaJsonWebKey key() {
        try {
            RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId("t-1");
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sign(Map<String, Object> claims) {
        try {
            JsonWebSignature jws = new JsonWebSignature();
            jws.setAlgorithmHeaderValue("RS256");
            jws.setKeyIdHeaderValue("t-1");
            jws.setHeader("typ", "secevent+jwt");
            jws.setKey(KEY.getPrivateKey());
            jws.setPayload(JsonUtil.toJson(claims));
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
