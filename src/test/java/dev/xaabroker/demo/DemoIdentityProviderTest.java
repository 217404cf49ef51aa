package dev.xaabroker.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DemoIdentityProviderTest {

    @TempDir
    static Path folder;

    private static DemoWorld world;
    private static DemoIdentityProvider idp;
    private Tokens alice;

    @BeforeAll
    static void start() throws IOException {
        world = DemoWorld.start(DemoWorld.Ports.ANY, folder);
        idp = world.identityProvider();
    }

    @BeforeEach
    void logIn() {
        alice = idp.login("cursor-at-idp", DemoUser.ALICE);
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @AfterEach
    void reset() {
        world.reset();
    }

    private HttpForm asCursor(String... form) {
        return HttpForm.of(form).basic("cursor-at-idp", PolicyFile.CURSOR_IDP_SECRET);
    }

    private HttpForm exchange(String subjectToken, String type) {
        return asCursor(
                "grant_type",
                TokenType.TOKEN_EXCHANGE,
                "requested_token_type",
                TokenType.ID_JAG,
                "audience",
                world.files().issuer(),
                "resource",
                world.files().resource(),
                "scope",
                "files.read",
                "subject_token",
                subjectToken,
                "subject_token_type",
                type);
    }

    private HttpForm.Answer refresh(String token) throws Exception {
        return asCursor("grant_type", "refresh_token", "refresh_token", token).post(idp.tokenEndpoint());
    }

    @Test
    void signsAnIdJagThatItsPublishedKeyVerifies() throws Exception {
        HttpForm.Answer answer = exchange(alice.idToken(), TokenType.ID_TOKEN).post(idp.tokenEndpoint());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json())
                .containsEntry("issued_token_type", TokenType.ID_JAG)
                .containsEntry("token_type", "N_A");
        String jwks = HttpForm.get(idp.jwksUri()).raw().body();
        JwtClaims claims = JwtCheck.verify(
                answer.text("access_token"),
                jwks,
                "oauth-id-jag+jwt",
                idp.issuer(),
                world.files().issuer(),
                Instant.now());
        assertThat(claims.getClaimsMap())
                .containsEntry("sub", DemoUser.ALICE.sub())
                .containsEntry("client_id", "acme-broker")
                .containsEntry("resource", world.files().resource())
                .containsEntry("scope", "files.read")
                .containsEntry("email", "alice@acme.example");
        assertThat(idp.count("token-exchange")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = JwtFlaw.class,
            mode = EnumSource.Mode.EXCLUDE,
            // These are wrong only for a reader that knows what it asked for.
            names = {
                "ID_JAG_TYP",
                "JKU",
                "AUD_ARRAY_OF_ONE",
                "WRONG_CLIENT_ID",
                "NO_CLIENT_ID",
                "WRONG_AZP",
                "OTHER_SUBJECT",
                "OTHER_RESOURCE",
                "MORE_RESOURCES",
                "EMPTY_RESOURCE",
                "NO_RESOURCE",
                "EXTRA_SCOPE",
                "NO_SCOPE",
                "WRONG_NONCE"
            })
    void eachFlawMakesAJwtThatAStrictReaderRejects(JwtFlaw flaw) throws Exception {
        idp.behaviour.idJagFlaws = Set.of(flaw);
        HttpForm.Answer answer = exchange(alice.idToken(), TokenType.ID_TOKEN).post(idp.tokenEndpoint());

        String jwks = HttpForm.get(idp.jwksUri()).raw().body();
        assertThatThrownBy(() -> JwtCheck.verify(
                        answer.text("access_token"),
                        jwks,
                        "oauth-id-jag+jwt",
                        idp.issuer(),
                        world.files().issuer(),
                        Instant.now()))
                .isInstanceOf(JwtCheck.Rejected.class);
    }

    @Test
    void takesARefreshTokenAsSubjectWithoutSpendingIt() throws Exception {
        idp.behaviour.rotating = true;
        for (int i = 0; i < 2; i++) {
            assertThat(exchange(alice.refreshToken(), TokenType.REFRESH_TOKEN)
                            .post(idp.tokenEndpoint())
                            .status())
                    .isEqualTo(200);
        }
        idp.behaviour = IdpBehaviour.strict04();
        assertThat(exchange(alice.refreshToken(), TokenType.REFRESH_TOKEN)
                        .post(idp.tokenEndpoint())
                        .text("error"))
                .isEqualTo("invalid_request");
    }

    @Test
    void refusesTokensOfAnotherClientOrOfAnEndedSession() throws Exception {
        Tokens atVscode = idp.login("vscode-at-idp", DemoUser.ALICE);
        assertThat(exchange(atVscode.idToken(), TokenType.ID_TOKEN)
                        .post(idp.tokenEndpoint())
                        .text("error"))
                .isEqualTo("invalid_grant");
        assertThat(exchange(atVscode.refreshToken(), TokenType.REFRESH_TOKEN)
                        .post(idp.tokenEndpoint())
                        .text("error"))
                .isEqualTo("invalid_grant");
        assertThat(refresh(atVscode.refreshToken()).text("error")).isEqualTo("invalid_grant");

        idp.endSessions(DemoUser.ALICE);
        assertThat(exchange(alice.idToken(), TokenType.ID_TOKEN)
                        .post(idp.tokenEndpoint())
                        .text("error"))
                .isEqualTo("invalid_grant");
        assertThat(refresh(alice.refreshToken()).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void refusesAndRemembersAParameterThatNoRuleNames() throws Exception {
        HttpForm.Answer answer = exchange(alice.idToken(), TokenType.ID_TOKEN)
                .with("actor_token_type", "x")
                .post(idp.tokenEndpoint());
        assertThat(answer.text("error")).isEqualTo("invalid_request");
        assertThat(idp.unexpectedParameters()).containsExactly("actor_token_type");
    }

    @Test
    void refusesAnAudienceResourceOrScopeThatItsAdministratorDidNotAllow() throws Exception {
        assertThat(exchange(alice.idToken(), TokenType.ID_TOKEN)
                        .with("audience", world.files().issuer() + "/")
                        .post(idp.tokenEndpoint())
                        .text("error"))
                .isEqualTo("invalid_target");
        assertThat(exchange(alice.idToken(), TokenType.ID_TOKEN)
                        .with("resource", world.wiki().resource())
                        .post(idp.tokenEndpoint())
                        .text("error"))
                .isEqualTo("invalid_target");
        idp.behaviour = IdpBehaviour.oktaLike();
        assertThat(exchange(alice.idToken(), TokenType.ID_TOKEN)
                        .with("scope", "files.read admin")
                        .post(idp.tokenEndpoint())
                        .text("error"))
                .isEqualTo("unauthorized_client");
        idp.behaviour = IdpBehaviour.riv05();
        HttpForm.Answer whole = exchange(alice.idToken(), TokenType.ID_TOKEN).post(idp.tokenEndpoint());
        assertThat(whole.json()).containsEntry("resource", world.files().resource());
        assertThat(exchange(alice.idToken(), TokenType.ID_TOKEN)
                        .without("resource")
                        .post(idp.tokenEndpoint())
                        .text("error"))
                .isEqualTo("invalid_target");
    }

    @Test
    void revokesTheFamilyWhenASpentRefreshTokenComesBack() throws Exception {
        idp.behaviour = IdpBehaviour.rotatingRefreshTokens();
        String second = refresh(alice.refreshToken()).text("refresh_token");
        idp.behaviour.rotationGrace = Duration.ofMinutes(1);
        assertThat(refresh(alice.refreshToken()).text("refresh_token")).isEqualTo(second);
        idp.behaviour.rotationGrace = Duration.ZERO;
        assertThat(refresh(alice.refreshToken()).text("error")).isEqualTo("invalid_grant");
        assertThat(refresh(second).text("error")).isEqualTo("invalid_grant");
        assertThat(idp.reuses()).isEqualTo(1);
    }

    @Test
    void givesAnAccessTokensHolderAPlainJwtAsKeycloakDoes() throws Exception {
        idp.behaviour = IdpBehaviour.keycloak();
        HttpForm.Answer answer = exchange(alice.accessToken(), TokenType.ACCESS_TOKEN)
                .with("requested_token_type", TokenType.ACCESS_TOKEN)
                .without("resource")
                .post(idp.tokenEndpoint());

        String jwks = HttpForm.get(idp.jwksUri()).raw().body();
        JwtClaims claims = JwtCheck.verify(
                answer.text("access_token"),
                jwks,
                "JWT",
                idp.issuer(),
                world.files().issuer(),
                Instant.now());
        assertThat(claims.getClaimsMap()).containsEntry("azp", "cursor-at-idp").doesNotContainKey("client_id");
        assertThat(exchange(alice.idToken(), TokenType.ID_TOKEN)
                        .post(idp.tokenEndpoint())
                        .text("error"))
                .isEqualTo("invalid_request");
    }

    @Test
    void failsAsToldAndThenNoMore() throws Exception {
        idp.faults().next("refresh", Fault.error(503, "temporarily_unavailable").retryAfter(7), Fault.drop());
        idp.faults().next("refresh", Fault.rewrite(answer -> answer.remove("id_token")));

        HttpForm.Answer first = refresh(alice.refreshToken());
        assertThat(first.status()).isEqualTo(503);
        assertThat(first.raw().headers().firstValue("Retry-After")).contains("7");
        assertThatThrownBy(() -> refresh(alice.refreshToken())).isInstanceOf(IOException.class);
        assertThat(refresh(alice.refreshToken()).json()).doesNotContainKey("id_token");
        assertThat(refresh(alice.refreshToken()).json()).containsKey("id_token");
    }

    @Test
    void losesAnAnswerAfterItHasActed() throws Exception {
        idp.behaviour = IdpBehaviour.rotatingRefreshTokens();
        idp.faults().next("refresh", Fault.loseAnswer());

        assertThatThrownBy(() -> refresh(alice.refreshToken())).isInstanceOf(IOException.class);
        assertThat(refresh(alice.refreshToken()).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void changesOfAUserShowInTheNextRefreshedIdToken() throws Exception {
        idp.put(DemoUser.ALICE.withGroups("design"));
        String jwks = HttpForm.get(idp.jwksUri()).raw().body();
        String idToken = refresh(alice.refreshToken()).text("id_token");
        JwtClaims claims = JwtCheck.verify(idToken, jwks, "JWT", idp.issuer(), "cursor-at-idp", Instant.now());
        assertThat(claims.getClaimsMap()).containsAllEntriesOf(Map.of("groups", List.of("design"), "sid", alice.sid()));
    }

    @Test
    void keepsNoSecretInTheTextOfARecordedRequest() throws Exception {
        refresh(alice.refreshToken());
        assertThat(idp.recording().last("refresh").toString()).doesNotContain(alice.refreshToken(), "Basic");
        assertThat(idp.recording().last("refresh").param("refresh_token")).isEqualTo(alice.refreshToken());
    }
}
