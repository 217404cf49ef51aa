package dev.xaabroker.demo;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An enterprise identity provider: logs people in, redeems refresh tokens and issues real, signed ID-JAGs (ID-JAG s4.3).
 * Strict by default; {@link #behaviour} makes it differ or lie, {@link #faults()} makes it fail.
 *
 * <p>Kinds of request for counting and faults: {@code metadata}, {@code jwks}, {@code ssf-configuration}, {@code refresh}, {@code token-exchange},
 * {@code token} (any other grant), {@code revocation}, {@code login}, {@code logout}, {@code unknown}.
 */
public final class DemoIdentityProvider implements AutoCloseable {

    private static final String TOKEN_PATH = "/oauth2/token";

    /** How it behaves; assign a profile of {@link IdpBehaviour}, or change single fields. */
    public volatile IdpBehaviour behaviour = new IdpBehaviour();

    private final LocalServer server;
    private final String issuer;
    private final ClientCheck clients;
    private final SsoSessions sessions = new SsoSessions();
    private final Issuing issuing;
    private final TokenExchange exchange;

    /** Listens at once. Port 0 is any free port. */
    public DemoIdentityProvider(int port) {
        this(new LocalServer(port));
        server.start();
    }

    /** Answers nothing before the server is started. */
    DemoIdentityProvider(LocalServer server) {
        this.server = server;
        issuer = server.baseUrl();
        clients = new ClientCheck(issuer, tokenEndpoint());
        issuing = new Issuing(issuer);
        exchange = new TokenExchange(issuer, sessions, issuing);
        sessions.reset();
        server.route("/.well-known/oauth-authorization-server", "metadata", this::metadata);
        server.route("/.well-known/openid-configuration", "metadata", this::metadata);
        server.route(
                "/jwks", "jwks", call -> call.answer(200, Map.of("Content-Type", "application/json"), issuing.jwks()));
        server.route(
                "/.well-known/ssf-configuration",
                "ssf-configuration",
                call -> call.json(200, Map.of("spec_version", "1_0", "issuer", issuer, "jwks_uri", jwksUri())));
        server.route(TOKEN_PATH, DemoIdentityProvider::kindOfTokenRequest, this::token);
        server.route("/oauth2/revoke", "revocation", this::revocation);
        server.route("/demo/login", "login", this::login);
        server.route("/demo/logout", "logout", this::logout);
        server.route(
                "/demo/counts", "counts", call -> call.json(200, recording().counts()));
    }

    public String issuer() {
        return issuer;
    }

    public String tokenEndpoint() {
        return issuer + TOKEN_PATH;
    }

    public String jwksUri() {
        return issuer + "/jwks";
    }

    public Recording recording() {
        return server.recording();
    }

    public int count(String kind) {
        return recording().count(kind);
    }

    public Faults faults() {
        return server.faults();
    }

    /** Forgets requests, faults, behaviour and changes of alice and bob; clients, sessions and keys stay. */
    public void reset() {
        recording().reset();
        faults().clear();
        behaviour = new IdpBehaviour();
        issuing.clock(Clock.systemUTC());
        exchange.reset();
        sessions.reset();
    }

    public void register(RegisteredClient client) {
        clients.register(client);
    }

    /** Allows ID-JAGs for a client and an audience; replaces what was allowed for that pair. */
    public void entitle(Entitlement entitlement) {
        exchange.entitle(entitlement);
    }

    /** Adds a user, or replaces the one of that name: what refreshed tokens say changes at once. */
    public void put(DemoUser user) {
        sessions.put(user);
    }

    /** Disables or enables a user without ending sessions. */
    public void suspend(DemoUser user, boolean suspended) {
        sessions.suspend(user.name(), suspended);
    }

    /** Logs a user in at one client, as a browser login would. */
    public Tokens login(String clientId, DemoUser user) {
        return login(clientId, user, issuing.now());
    }

    /** Logs in with an older {@code auth_time}. */
    public Tokens login(String clientId, DemoUser user, Instant authTime) {
        return tokens(clientId, sessions.begin(user.name(), authTime));
    }

    /** Tokens for a further client in the same session: the same {@code sid}. */
    public Tokens loginAgain(String clientId, String sid) {
        return tokens(clientId, sessions.session(sid));
    }

    private Tokens tokens(String clientId, SsoSessions.Session session) {
        DemoUser user = sessions.user(session.userName());
        String idToken = issuing.idToken(user, session, clientId, behaviour, behaviour.loginIdTokenFlaws, null);
        String accessToken = sessions.accessToken(session, clientId);
        return new Tokens(idToken, accessToken, sessions.refreshToken(session, clientId), session.sid());
    }

    /** A signed access token for an API of the enterprise's own, such as the broker's admin face, perhaps flawed. */
    public String apiToken(DemoUser user, String audience, List<String> roles, JwtFlaw... flaws) {
        return issuing.accessToken(user, audience, roles, Set.of(flaws));
    }

    /** A logout token, security event or the like of this {@code typ}, to be completed, perhaps spoilt, and signed. */
    public JwtDraft signal(String typ) {
        return issuing.signal(typ);
    }

    /** Ends all sessions of a user, without any signal to anybody. */
    public void endSessions(DemoUser user) {
        sessions.endAll(user.name());
    }

    public void endSession(String sid) {
        sessions.end(sid);
    }

    /** Revokes a refresh token and all its relatives; the session lives on. */
    public void revoke(String refreshToken) {
        sessions.revoke(refreshToken);
    }

    /** How often a spent refresh token came back. */
    public int reuses() {
        return sessions.reuses();
    }

    /** Parameters of exchange requests that RULES B1 does not allow. */
    public List<String> unexpectedParameters() {
        return exchange.unexpected();
    }

    /** Signs with a new key from now on; the old ones stay published unless retired. */
    public void rotateKey(boolean retireOld) {
        issuing.newKey();
        if (retireOld) {
            issuing.retireOldKeys();
        }
    }

    public void clock(Clock clock) {
        issuing.clock(clock);
    }

    private void metadata(Call call) throws IOException {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("issuer", behaviour.metadataIssuer.isEmpty() ? issuer : behaviour.metadataIssuer);
        metadata.put("authorization_endpoint", issuer + "/authorize");
        metadata.put(
                "token_endpoint",
                behaviour.metadataTokenEndpoint.isEmpty() ? tokenEndpoint() : behaviour.metadataTokenEndpoint);
        metadata.put("jwks_uri", jwksUri());
        metadata.put("revocation_endpoint", issuer + "/oauth2/revoke");
        metadata.put("response_types_supported", List.of("code"));
        metadata.put("subject_types_supported", List.of("public"));
        metadata.put("id_token_signing_alg_values_supported", List.of("RS256"));
        metadata.put("grant_types_supported", List.of("authorization_code", "refresh_token", TokenType.TOKEN_EXCHANGE));
        metadata.put(
                "token_endpoint_auth_methods_supported",
                List.of("client_secret_basic", "client_secret_post", "private_key_jwt"));
        if (!behaviour.keycloakLike) {
            metadata.put("identity_chaining_requested_token_types_supported", List.of(TokenType.ID_JAG));
        }
        call.json(200, metadata);
    }

    private static String kindOfTokenRequest(Call call) {
        List<String> grants = call.form().getOrDefault("grant_type", List.of());
        if (grants.equals(List.of("refresh_token"))) {
            return "refresh";
        }
        return grants.equals(List.of(TokenType.TOKEN_EXCHANGE)) ? "token-exchange" : "token";
    }

    private void token(Call call) throws IOException {
        if (!call.method().equals("POST")) {
            call.answer(405, Map.of("Allow", "POST"), "");
            return;
        }
        String clientId = clients.authenticate(call, behaviour.assertions);
        switch (call.required("grant_type")) {
            case "refresh_token" -> call.json(200, refresh(call, clientId));
            case TokenType.TOKEN_EXCHANGE -> call.json(200, exchange.exchange(call, clientId, behaviour));
            default -> throw OAuthProblem.of("unsupported_grant_type", "refresh_token and token-exchange only");
        }
    }

    private Map<String, Object> refresh(Call call, String clientId) {
        String token = call.required("refresh_token");
        SsoSessions.Redeemed redeemed = sessions.redeem(token, clientId, behaviour.rotating, behaviour, issuing.now());
        SsoSessions.Session session = redeemed.session();
        DemoUser user = sessions.user(session.userName());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", sessions.accessToken(session, clientId));
        answer.put("token_type", "Bearer");
        answer.put("expires_in", 300);
        answer.put(
                "id_token", issuing.idToken(user, session, clientId, behaviour, behaviour.refreshedIdTokenFlaws, null));
        if (redeemed.nextRefreshToken() != null) {
            answer.put("refresh_token", redeemed.nextRefreshToken());
        }
        return AnswerFlaw.apply(behaviour.refreshAnswerFlaws, answer);
    }

    private void revocation(Call call) throws IOException {
        clients.authenticate(call, behaviour.assertions);
        sessions.revoke(call.required("token"));
        call.answer(200, Map.of("Cache-Control", "no-store"), "");
    }

    /** The demo's short cut for a browser login: one POST with the client's credentials, a name and a password. */
    private void login(Call call) throws IOException {
        String clientId = clients.authenticate(call, behaviour.assertions);
        DemoUser user = sessions.user(call.required("username"));
        if (!user.name().equals(call.required("password"))) {
            throw OAuthProblem.of("invalid_grant", "wrong password");
        }
        Tokens tokens = login(clientId, user);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", tokens.accessToken());
        answer.put("token_type", "Bearer");
        answer.put("expires_in", 300);
        answer.put("refresh_token", tokens.refreshToken());
        answer.put("id_token", tokens.idToken());
        call.json(200, answer);
    }

    private void logout(Call call) throws IOException {
        int ended = sessions.endAll(call.required("username"));
        call.json(200, Map.of("ended", ended));
    }

    @Override
    public void close() {
        server.close();
    }
}
