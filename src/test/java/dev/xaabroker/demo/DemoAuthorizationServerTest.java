package dev.xaabroker.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoAuthorizationServerTest {

    @TempDir
    static Path folder;

    private static DemoWorld world;
    private static DemoAuthorizationServer ras;

    @BeforeAll
    static void start() throws IOException {
        world = DemoWorld.start(DemoWorld.Ports.ANY, folder);
        ras = world.wiki();
        ras.register(RegisteredClient.privateKeyJwt(
                "claude-at-wiki", world.claudeCodeKey().publicJwks()));
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @AfterEach
    void reset() {
        world.reset();
    }

    private String idJag() throws Exception {
        return HttpForm.of(
                        "grant_type",
                        TokenType.TOKEN_EXCHANGE,
                        "requested_token_type",
                        TokenType.ID_JAG,
                        "audience",
                        ras.issuer(),
                        "resource",
                        ras.resource(),
                        "subject_token",
                        world.identityProvider()
                                .login("cursor-at-idp", DemoUser.ALICE)
                                .idToken(),
                        "subject_token_type",
                        TokenType.ID_TOKEN)
                .basic("cursor-at-idp", PolicyFile.CURSOR_IDP_SECRET)
                .post(world.identityProvider().tokenEndpoint())
                .text("access_token");
    }

    private HttpForm.Answer redeem(String idJag) throws Exception {
        return form(idJag).basic("acme broker:wiki", PolicyFile.WIKI_SECRET).post(ras.tokenEndpoint());
    }

    private static HttpForm form(String idJag) {
        return HttpForm.of("grant_type", TokenType.JWT_BEARER, "assertion", idJag);
    }

    @Test
    void redeemsAnIdJagForATokenItRemembers() throws Exception {
        HttpForm.Answer answer = redeem(idJag());

        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        assertThat(answer.json()).containsEntry("token_type", "Bearer").containsEntry("expires_in", 300);
        Standing standing = ras.standing(answer.text("access_token")).orElseThrow();
        assertThat(standing.subject()).isEqualTo(DemoUser.ALICE.sub());
        assertThat(standing.clientId()).isEqualTo("acme broker:wiki");
        assertThat(standing.scopes()).containsExactlyInAnyOrder("wiki.read", "wiki.write");
    }

    @Test
    void redeemsAnIdJagOnce() throws Exception {
        String idJag = idJag();
        redeem(idJag);
        assertThat(redeem(idJag).text("error")).isEqualTo("invalid_grant");
        ras.behaviour.singleUse = false;
        assertThat(redeem(idJag).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(
            value = JwtFlaw.class,
            mode = EnumSource.Mode.EXCLUDE,
            // Right for the RAS, which cannot know whom the client meant; or about ID tokens.
            names = {
                "ID_JAG_TYP",
                "JKU",
                "AUD_ARRAY_OF_ONE",
                "WRONG_AZP",
                "OTHER_SUBJECT",
                "NO_RESOURCE",
                "EMPTY_RESOURCE",
                "EXTRA_SCOPE",
                "NO_SCOPE",
                "WRONG_NONCE"
            })
    void refusesAFlawedIdJag(JwtFlaw flaw) throws Exception {
        world.identityProvider().behaviour.idJagFlaws = Set.of(flaw);
        assertThat(redeem(idJag()).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void refusesTheIdJagOfAnotherClient() throws Exception {
        HttpForm.Answer answer = form(idJag())
                .with("client_id", "vscode-at-wiki")
                .with("client_secret", PolicyFile.VSCODE_WIKI_SECRET)
                .post(ras.tokenEndpoint());
        assertThat(answer.text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void refusesBasicCredentialsThatWereNotEscaped() throws Exception {
        String pair = "acme broker:wiki:" + PolicyFile.WIKI_SECRET;
        String header = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        HttpForm.Answer answer = form(idJag()).header("Authorization", header).post(ras.tokenEndpoint());
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text("error")).isEqualTo("invalid_client");
    }

    private String assertion(String audience, String typ) {
        JwtDraft draft = new JwtDraft(typ, world.claudeCodeKey())
                .claim("iss", "claude-at-wiki")
                .claim("sub", "claude-at-wiki")
                .claim("aud", audience)
                .claim("jti", UUID.randomUUID().toString())
                .claim("exp", Instant.now().getEpochSecond() + 60);
        return draft.sign();
    }

    private HttpForm.Answer withAssertion(String assertion) throws Exception {
        return form("not an ID-JAG")
                .with("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                .with("client_assertion", assertion)
                .post(ras.tokenEndpoint());
    }

    @Test
    void takesAClientAssertionOnceAndOnlyOfTheShapeItWants() throws Exception {
        String good = assertion(ras.issuer(), "client-authentication+jwt");
        assertThat(withAssertion(good).text("error")).isEqualTo("invalid_grant");
        assertThat(withAssertion(good).text("error")).isEqualTo("invalid_client");
        assertThat(withAssertion(assertion(ras.issuer(), "JWT")).text("error")).isEqualTo("invalid_client");
        assertThat(withAssertion(assertion(ras.tokenEndpoint(), "client-authentication+jwt"))
                        .text("error"))
                .isEqualTo("invalid_client");
        ras.behaviour.assertions = AssertionRules.TOKEN_ENDPOINT_UNTYPED;
        assertThat(withAssertion(assertion(ras.tokenEndpoint(), "JWT")).text("error"))
                .isEqualTo("invalid_grant");
    }

    @Test
    void followsAKeyThatTheIdentityProviderChanged() throws Exception {
        redeem(idJag());
        world.identityProvider().rotateKey(true);
        assertThat(redeem(idJag()).status()).isEqualTo(200);
    }

    @Test
    void forgetsARevokedTokenAndSaysSoOnIntrospection() throws Exception {
        String token = redeem(idJag()).text("access_token");
        assertThat(about("introspect", token).json()).containsEntry("active", true);
        assertThat(about("revoke", token).status()).isEqualTo(200);
        assertThat(about("introspect", token).json()).hasSize(1).containsEntry("active", false);
        assertThat(ras.wasRevoked(token)).isTrue();
    }

    private HttpForm.Answer about(String endpoint, String token) throws Exception {
        return HttpForm.of("token", token)
                .basic("acme broker:wiki", PolicyFile.WIKI_SECRET)
                .post(ras.issuer() + endpoint);
    }

    @Test
    void liesInItsAnswerWhenTold() throws Exception {
        ras.behaviour.answerFlaws = Set.of(AnswerFlaw.BROADER_SCOPE, AnswerFlaw.OTHER_RESOURCE);
        ras.behaviour.misleadingJwt = true;
        ras.behaviour.expiresIn = 3600;
        ras.behaviour.returnsRefreshToken = true;
        HttpForm.Answer answer = redeem(idJag());
        assertThat(answer.text("scope")).contains("admin");
        assertThat(answer.text("resource")).isEqualTo("https://other.example/mcp");
        assertThat(answer.text("access_token")).startsWith("ey");
        assertThat(answer.json()).containsEntry("expires_in", 3600);
        assertThat(ras.issuedRefreshTokens()).containsExactly(answer.text("refresh_token"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/tenant"})
    void publishesItsMetadataWhereTheIssuerSaysItIs(String path) throws Exception {
        try (DemoAuthorizationServer server = new DemoAuthorizationServer(0, path, world.identityProvider())) {
            String origin = server.resource().replace("/mcp", "");
            String suffix = path.equals("/") ? "" : path;
            HttpForm.Answer metadata = HttpForm.get(origin + "/.well-known/oauth-authorization-server" + suffix);
            assertThat(metadata.json()).containsEntry("issuer", origin + path);
            assertThat(metadata.text("token_endpoint")).isEqualTo(server.tokenEndpoint());
            server.behaviour.metadataAtOAuth = false;
            assertThat(HttpForm.get(origin + "/.well-known/oauth-authorization-server" + suffix)
                            .status())
                    .isEqualTo(404);
        }
    }
}
