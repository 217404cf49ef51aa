package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.JwtDraft;
import dev.xaabroker.demo.JwtFlaw;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Seconds;
import dev.xaabroker.testing.Signaller;
import io.restassured.response.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shared Signals by push, with a demo IdP that really signs. */
class SecurityEventIT implements OverSignals {

    private static BrokerWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.embedded(Signaller.listening("ssf"), Map.of("xaa.exchange.refresh-interval", "PT0.001S"));
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    private static void assertAcknowledged(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(202);
        assertThat(answer.asString()).isEmpty();
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @ParameterizedTest
    @Rules({"H6", "H8", "H9"})
    @ValueSource(
            strings = {
                Signaller.CAEP + "session-revoked",
                Signaller.CAEP + "credential-change",
                Signaller.RISC + "account-disabled",
                Signaller.RISC + "account-purged",
                Signaller.RISC + "credential-compromise",
                Signaller.RISC + "sessions-revoked"
            })
    void anEventEndsAllOfThatUserAndNobodyElse(String type) throws Exception {
        Held one = hold("cursor", DemoUser.ALICE);
        Held two = hold("vscode", DemoUser.ALICE);
        Held bob = hold("cursor", DemoUser.BOB);

        assertAcknowledged(idp().push(idp().event(idp().issSub(DemoUser.ALICE), type, Map.of("change_type", "revoke"))
                .sign()));

        assertOver(one);
        assertOver(two);
        assertLives(bob);
        Seconds.awaitNext();
    }

    @Test
    @Rules("H8")
    void anEmailFindsTheUserToo() throws Exception {
        Held alice = hold("cursor", DemoUser.ALICE);
        Held bob = hold("cursor", DemoUser.BOB);

        assertAcknowledged(
                idp().push(idp().event(Signaller.email(DemoUser.ALICE), Signaller.CAEP + "session-revoked", Map.of())
                        .sign()));

        assertOver(alice);
        assertLives(bob);
        Seconds.awaitNext();
    }

    private Map<String, Object> complex(DemoUser user, String sid, String tenant) {
        Map<String, Object> subject = new LinkedHashMap<>();
        subject.put("format", "complex");
        subject.put("user", idp().issSub(user));
        if (sid != null) {
            subject.put("session", Map.of("format", "opaque", "id", sid));
        }
        if (tenant != null) {
            subject.put("tenant", Map.of("format", "opaque", "id", tenant));
        }
        return subject;
    }

    private Response sessionRevoked(Map<String, ?> subject) {
        return idp().push(idp().event(subject, Signaller.CAEP + "session-revoked", Map.of())
                .sign());
    }

    @Test
    @Rules("H8")
    void allMembersOfAComplexSubjectMustMatch() throws Exception {
        Held one = hold("cursor", DemoUser.ALICE);
        Held other = hold("vscode", DemoUser.ALICE);

        assertAcknowledged(sessionRevoked(complex(DemoUser.ALICE, one.tokens().sid(), "somebody-else")));
        assertAcknowledged(sessionRevoked(complex(DemoUser.BOB, one.tokens().sid(), null)));
        assertLives(one);

        assertAcknowledged(sessionRevoked(complex(DemoUser.ALICE, one.tokens().sid(), "acme")));
        assertOver(one);
        assertLives(other);

        assertAcknowledged(sessionRevoked(complex(DemoUser.ALICE, null, null)));
        assertOver(other);
        Seconds.awaitNext();
    }

    @Test
    @Rules("H6")
    void aSetThatComesAgainIsAcknowledgedAndActsOnce() throws Exception {
        hold("cursor", DemoUser.ALICE);
        String set = idp().sessionRevoked(DemoUser.ALICE).sign();
        assertAcknowledged(idp().push(set));
        Seconds.awaitNext();
        Held after = hold("cursor", DemoUser.ALICE);

        assertAcknowledged(idp().push(set));

        assertLives(after);
    }

    @Test
    @Rules({"H6", "H8", "H9"})
    void whatIsNothingToUsIsAcknowledgedAndChangesNothing() {
        Held alice = hold("cursor", DemoUser.ALICE);
        String revoked = Signaller.CAEP + "session-revoked";
        List<JwtDraft> sets = List.of(
                idp().event(idp().issSub(DemoUser.ALICE), "https://example.com/unheard-of", Map.of()),
                idp().event(Map.of("format", "email", "email", "nobody@acme.example"), revoked, Map.of()),
                idp().event(
                                Map.of(
                                        "format",
                                        "iss_sub",
                                        "iss",
                                        "https://other.example",
                                        "sub",
                                        DemoUser.ALICE.sub()),
                                revoked,
                                Map.of()),
                idp().event(
                                Map.of("format", "iss_sub", "iss", world.idp().issuer(), "sub", "nobody"),
                                revoked,
                                Map.of()),
                idp().event(Map.of("format", "opaque", "id", DemoUser.ALICE.sub()), revoked, Map.of()),
                idp().event(
                                idp().issSub(DemoUser.ALICE),
                                Signaller.CAEP + "credential-change",
                                Map.of("change_type", "create")));
        for (JwtDraft set : sets) {
            assertAcknowledged(idp().push(set.sign()));
            assertLives(alice);
        }
    }

    @Test
    @Rules("H9")
    void aNewCredentialIsInTheLedgerAndEndsNothing() throws Exception {
        Response answer = idp().push(idp().event(
                        idp().issSub(DemoUser.ALICE),
                        Signaller.CAEP + "credential-change",
                        Map.of("change_type", "create"))
                .sign());

        assertThat(ledgerOf(answer))
                .containsEntry("decision", "noted")
                .containsEntry("reason", "credential-change")
                .containsEntry("tenant", "acme");
    }

    private void assertChangesNothing(Response answer, int status, String code, Held login) {
        assertRefused(answer, status, Map.of("err", code));
        assertThat(answer.<String>path("description")).isNotBlank();
        assertLives(login);
    }

    @ParameterizedTest
    @Rules({"H5", "K3"})
    @CsvSource({
        "WRONG_TYP, invalid_request",
        "NO_TYP, invalid_request",
        "ACCESS_TOKEN_TYP, invalid_request",
        "ALG_NONE, invalid_request",
        "ALG_HS256, invalid_key",
        "ALG_NOT_OF_THE_KEY, invalid_key",
        "UNKNOWN_KEY, invalid_key",
        "BAD_SIGNATURE, invalid_key",
        "EMBEDDED_JWK, invalid_request",
        "JKU, invalid_request",
        "UNKNOWN_CRIT, invalid_request",
        "WRONG_ISS, invalid_issuer",
        "ISS_WITH_SLASH, invalid_issuer",
        "NO_ISS, invalid_issuer",
        "OTHER_AUD, invalid_audience",
        "AUD_SLASH, invalid_audience",
        "AUD_PREFIX, invalid_audience",
        "NO_AUD, invalid_audience",
        "NO_JTI, invalid_request",
        "NO_IAT, invalid_request",
        "ISSUED_IN_THE_FUTURE, invalid_request",
        "NOT_YET_VALID, invalid_request",
        "DUPLICATE_MEMBER, invalid_request"
    })
    void aForgedOrMalformedSetChangesNothing(JwtFlaw flaw, String code) {
        Held login = hold("cursor", DemoUser.ALICE);

        assertChangesNothing(
                idp().push(idp().sessionRevoked(DemoUser.ALICE).with(flaw).sign()), 400, code, login);
    }

    @Test
    @Rules({"H5", "K3"})
    void aSetThatIsNoSecurityEventChangesNothing() {
        Held login = hold("cursor", DemoUser.ALICE);
        List<Consumer<JwtDraft>> wrongs = List.of(
                set -> set.claim("exp", System.currentTimeMillis() / 1000 + 60),
                set -> set.claim("sub", DemoUser.ALICE.sub()),
                set -> set.claim("sub_id", null),
                set -> set.claim("sub_id", DemoUser.ALICE.sub()),
                set -> set.claim("sub_id", Map.of("format", "email")),
                set -> set.claim("sub_id", Map.of("format", "complex", "user", "alice")),
                set -> set.claim("events", null),
                set -> set.claim("events", Map.of()),
                set -> set.claim("events", Map.of("a", Map.of(), "b", Map.of())),
                set -> set.claim("events", Map.of(Signaller.CAEP + "session-revoked", "yes")),
                set -> set.claim("events", Map.of(Signaller.CAEP + "credential-change", Map.of("change_type", "x"))));
        for (Consumer<JwtDraft> wrong : wrongs) {
            JwtDraft set = idp().sessionRevoked(DemoUser.ALICE);
            wrong.accept(set);
            assertChangesNothing(idp().push(set.sign()), 400, "invalid_request", login);
        }
        String audience = world.issuer() + "/signals/ssf/corp";
        for (String other : List.of(
                login.tokens().idToken(),
                "not a JWT",
                idp().logoutToken(DemoUser.ALICE, null).claim("aud", audience).sign(),
                idp().revocationRequest().claim("aud", audience).sign())) {
            assertChangesNothing(idp().push(other), 400, "invalid_request", login);
        }
    }

    @Test
    @Rules({"H6", "K6"})
    void withoutTheAgreedHeaderNothingIsReadAtAll() {
        Held login = hold("cursor", DemoUser.ALICE);
        String set = idp().sessionRevoked(DemoUser.ALICE).sign();

        for (Map<String, String> headers : List.of(
                Map.<String, String>of(),
                Map.of("Authorization", "Bearer " + Signaller.AGREED),
                Map.of("Authorization", Signaller.AGREED + "x"),
                Map.of("Authorization", Signaller.AGREED.substring(1)))) {
            Response answer = idp().post("ssf", "application/secevent+jwt", headers, set);
            assertChangesNothing(answer, 401, "authentication_failed", login);
            assertThat(answer.header("WWW-Authenticate")).isNotBlank();
        }
    }

    @Test
    @Rules("H6")
    void aRequestThatIsNoPushChangesNothing() {
        Held login = hold("cursor", DemoUser.ALICE);
        String set = idp().sessionRevoked(DemoUser.ALICE).sign();
        Map<String, String> agreed = Map.of("Authorization", Signaller.AGREED);

        for (String type : List.of("application/jwt", "text/plain", "application/x-www-form-urlencoded")) {
            assertChangesNothing(idp().post("ssf", type, agreed, set), 400, "invalid_request", login);
        }
        assertChangesNothing(idp().post("ssf", "application/secevent+jwt", agreed, " "), 400, "invalid_request", login);
        assertThat(idp().push(set + "x".repeat(66_000)).statusCode()).isEqualTo(413);
        assertThat(idp().post("ssf/nobody", "application/secevent+jwt", agreed, set)
                        .statusCode())
                .isEqualTo(404);
        assertThat(world.get("/signals/ssf/corp").statusCode()).isEqualTo(405);
        assertLives(login);
    }

    @Test
    @Rules("H10")
    void aVerificationThatNobodyAskedForIsNotAnswered() {
        Held login = hold("cursor", DemoUser.ALICE);
        Map<String, String> stream = Map.of("format", "opaque", "id", "stream-1");

        assertChangesNothing(
                idp().push(idp().event(stream, Signaller.SSF + "verification", Map.of("state", "made-up"))
                        .sign()),
                400,
                "invalid_state",
                login);
    }
}
