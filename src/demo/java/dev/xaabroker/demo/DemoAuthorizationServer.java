package dev.xaabroker.demo;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The authorization server of an MCP server: takes ID-JAGs of one identity provider and issues access tokens of its own
 * (ID-JAG s4.4). Strict by default; {@link #behaviour} makes it differ or lie, {@link #faults()} makes it fail.
 *
 * <p>Kinds of request for counting and faults: {@code metadata}, {@code jwt-bearer}, {@code token} (any other grant),
 * {@code revocation}, {@code introspection}, {@code unknown}; with an MCP server on the same port also {@code mcp} and
 * {@code resource-metadata}.
 */
public final class DemoAuthorizationServer implements AutoCloseable {

    /** How it behaves; assign a new one or change single fields. */
    public volatile RasBehaviour behaviour = new RasBehaviour();

    private final LocalServer server;
    private final String issuer;
    private final String base;
    private final ClientCheck clients;
    private final Redemption redemption;
    private final Map<String, Standing> tokens = new ConcurrentHashMap<>();
    private final Set<String> revoked = ConcurrentHashMap.newKeySet();
    private final Set<String> refreshTokens = ConcurrentHashMap.newKeySet();
    private final List<String> issued = new CopyOnWriteArrayList<>();
    private volatile Clock clock = Clock.systemUTC();

    /** An authorization server whose issuer is its origin, for the resource {@code <origin>/mcp}. */
    public DemoAuthorizationServer(int port, DemoIdentityProvider trusted) {
        this(port, "", trusted);
    }

    /**
     * @param port 0 is any free port
     * @param issuerPath what follows the origin in the issuer: empty, {@code /} or {@code /tenant}
     * @param trusted the only identity provider whose assertions it takes
     */
    public DemoAuthorizationServer(int port, String issuerPath, DemoIdentityProvider trusted) {
        this(new LocalServer(port), issuerPath, trusted);
        server.start();
    }

    /** Answers nothing before the server is started. */
    DemoAuthorizationServer(LocalServer server, String issuerPath, DemoIdentityProvider trusted) {
        this.server = server;
        issuer = server.baseUrl() + issuerPath;
        base = issuerPath.equals("/") ? server.baseUrl() : issuer;
        clients = new ClientCheck(issuer, tokenEndpoint());
        redemption = new Redemption(issuer, trusted.issuer(), trusted.jwksUri(), Set.of(resource()));
        String path = base.substring(server.baseUrl().length());
        server.route("/.well-known/oauth-authorization-server" + path, "metadata", call -> metadata(call, true));
        server.route("/.well-known/openid-configuration" + path, "metadata", call -> metadata(call, false));
        server.route(path + "/.well-known/openid-configuration", "metadata", call -> metadata(call, false));
        server.route(path + "/token", DemoAuthorizationServer::kindOfTokenRequest, this::token);
        server.route(path + "/revoke", "revocation", this::revocation);
        server.route(path + "/introspect", "introspection", this::introspection);
        server.route(
                "/demo/counts", "counts", call -> call.json(200, recording().counts()));
    }

    /** What a connection's {@code audience} must be, byte for byte. */
    public String issuer() {
        return issuer;
    }

    public String tokenEndpoint() {
        return base + "/token";
    }

    /** The RFC 9728 identifier of the MCP server that it guards. */
    public String resource() {
        return server.baseUrl() + "/mcp";
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

    /** Forgets requests, faults and behaviour; clients and tokens stay. */
    public void reset() {
        recording().reset();
        faults().clear();
        behaviour = new RasBehaviour();
        clock = Clock.systemUTC();
    }

    public void register(RegisteredClient client) {
        clients.register(client);
    }

    public void clock(Clock other) {
        clock = other;
    }

    /** What a token stands for, unless it is unknown, expired or revoked. */
    public Optional<Standing> standing(String token) {
        Standing standing = tokens.get(token);
        boolean alive = standing != null && !revoked.contains(token) && now().isBefore(standing.expires());
        return alive ? Optional.ofNullable(standing) : Optional.empty();
    }

    /** All access tokens it issued, oldest first. */
    public List<String> issuedTokens() {
        return List.copyOf(issued);
    }

    /** Whether an access or refresh token was revoked here. */
    public boolean wasRevoked(String token) {
        return revoked.contains(token);
    }

    /** The refresh tokens it handed out; see {@link RasBehaviour#returnsRefreshToken}. */
    public Set<String> issuedRefreshTokens() {
        return Set.copyOf(refreshTokens);
    }

    LocalServer server() {
        return server;
    }

    private Instant now() {
        return clock.instant();
    }

    private void metadata(Call call, boolean oauth) throws IOException {
        RasBehaviour now = behaviour;
        if (oauth ? !now.metadataAtOAuth : !now.metadataAtOpenId) {
            call.answer(404, Map.of(), "");
            return;
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("issuer", now.metadataIssuer.isEmpty() ? issuer : now.metadataIssuer);
        metadata.put("authorization_endpoint", base + "/authorize");
        metadata.put(
                "token_endpoint", now.metadataTokenEndpoint.isEmpty() ? tokenEndpoint() : now.metadataTokenEndpoint);
        metadata.put("introspection_endpoint", base + "/introspect");
        metadata.put("response_types_supported", List.of("code"));
        metadata.put("code_challenge_methods_supported", List.of("S256"));
        if (now.listsRevocation) {
            metadata.put("revocation_endpoint", base + "/revoke");
        }
        if (now.listsProfile) {
            metadata.put("authorization_grant_profiles_supported", List.of(TokenType.ID_JAG_PROFILE));
        }
        if (!now.grantTypes.isEmpty()) {
            metadata.put("grant_types_supported", now.grantTypes);
        }
        if (!now.authMethods.isEmpty()) {
            metadata.put("token_endpoint_auth_methods_supported", now.authMethods);
        }
        call.json(200, metadata);
    }

    private static String kindOfTokenRequest(Call call) {
        return call.form().getOrDefault("grant_type", List.of()).equals(List.of(TokenType.JWT_BEARER))
                ? "jwt-bearer"
                : "token";
    }

    private void token(Call call) throws IOException {
        if (!call.method().equals("POST")) {
            call.answer(405, Map.of("Allow", "POST"), "");
            return;
        }
        RasBehaviour now = behaviour;
        String clientId = clients.authenticate(call, now.assertions);
        if (!call.required("grant_type").equals(TokenType.JWT_BEARER)) {
            throw OAuthProblem.of("unsupported_grant_type", "jwt-bearer only");
        }
        if (!now.dpopNonce.isEmpty() && !DpopNonce.isIn(call.header("DPoP"), now.dpopNonce)) {
            Fault.Answer challenge = Fault.error(400, "use_dpop_nonce").header("DPoP-Nonce", now.dpopNonce);
            call.answer(challenge.status(), challenge.headers(), challenge.body());
            return;
        }
        Standing standing = redemption.redeem(call, clientId, now, now());
        call.json(200, AnswerFlaw.apply(now.answerFlaws, answer(standing, now)));
    }

    private Map<String, Object> answer(Standing standing, RasBehaviour now) {
        String token = remember(now.misleadingJwt ? misleading() : SsoSessions.random("at_"), standing);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", token);
        answer.put("token_type", now.tokenType);
        answer.put("expires_in", now.expiresIn);
        answer.put("scope", String.join(" ", standing.scopes()));
        if (now.resourceInAnswer) {
            answer.put("resource", standing.resource());
        }
        if (now.returnsRefreshToken) {
            String refreshToken = SsoSessions.random("ras_rt_");
            refreshTokens.add(refreshToken);
            answer.put("refresh_token", refreshToken);
        }
        return answer;
    }

    /** Issues a token out of thin air. */
    String remember(Standing standing) {
        return remember(SsoSessions.random("at_"), standing);
    }

    private String remember(String token, Standing standing) {
        tokens.put(token, standing);
        issued.add(token);
        return token;
    }

    /** Unsigned, expired, for somebody else, with all scopes: whoever decodes it goes astray. */
    private static String misleading() {
        JwtDraft lies = new JwtDraft("at+jwt", DemoKey.generate())
                .claim("iss", "https://evil.example")
                .claim("aud", "https://other.example")
                .claim("sub", "somebody-else")
                .claim("scope", "admin")
                .claim("exp", 1)
                .claim("jti", SsoSessions.random(""));
        lies.header.put("alg", "none");
        return lies.sign();
    }

    private void revocation(Call call) throws IOException {
        clients.authenticate(call, behaviour.assertions);
        String token = call.required("token");
        if (behaviour.revocationFails) {
            throw new OAuthProblem(503, "temporarily_unavailable", "as the test wished");
        }
        revoked.add(token);
        call.answer(200, Map.of("Cache-Control", "no-store"), "");
    }

    private void introspection(Call call) throws IOException {
        clients.authenticate(call, behaviour.assertions);
        Optional<Standing> standing = standing(call.required("token"));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("active", standing.isPresent());
        standing.ifPresent(s -> {
            answer.put("sub", s.subject());
            answer.put("client_id", s.clientId());
            answer.put("scope", String.join(" ", s.scopes()));
            answer.put("aud", s.resource());
            answer.put("exp", s.expires().getEpochSecond());
        });
        call.json(200, answer);
    }

    @Override
    public void close() {
        server.close();
    }
}
