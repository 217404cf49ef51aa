package dev.xaabroker.testing;

import dev.xaabroker.demo.DemoKey;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/** One request to the token endpoint, built parameter by parameter, with duplicates where a test wants them. */
public final class TokenCall {

    public static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    public static final String REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";
    public static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
    public static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final BrokerWorld world;
    private final String client;
    private BrokerProcess broker;
    private String endpoint = "/oauth2/token";
    private final List<Map.Entry<String, String>> form = new ArrayList<>();
    private final List<Map.Entry<String, String>> headers = new ArrayList<>();

    TokenCall(BrokerWorld world, String client) {
        this.world = world;
        this.client = client;
        this.broker = world.broker();
    }

    /** Sends it to this replica. */
    public TokenCall at(BrokerProcess replica) {
        broker = replica;
        return this;
    }

    public TokenCall basic(String id, String secret) {
        String pair = encode(id) + ":" + encode(secret);
        return header(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    public TokenCall post(String id, String secret) {
        return with("client_id", id).with("client_secret", secret);
    }

    /** A client assertion as RFC 7523bis wants it. */
    public TokenCall assertion(DemoKey key) {
        return assertion(key, claims(client, world.issuer()), "client-authentication+jwt");
    }

    public TokenCall assertion(DemoKey key, JwtClaims claims, String typ) {
        return with("client_assertion_type", ASSERTION_TYPE).with("client_assertion", sign(key, claims, typ));
    }

    public static JwtClaims claims(String client, String audience) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(client);
        claims.setSubject(client);
        claims.setAudience(audience);
        claims.setJwtId(UUID.randomUUID().toString());
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(1);
        return claims;
    }

    private static String sign(DemoKey key, JwtClaims claims, String typ) {
        try {
            JsonWebSignature jws = new JsonWebSignature();
            jws.setAlgorithmHeaderValue("RS256");
            jws.setKeyIdHeaderValue(key.kid());
            if (typ != null) {
                jws.setHeader("typ", typ);
            }
            jws.setKey(privateKey(key));
            jws.setPayload(claims.toJson());
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PrivateKey privateKey(DemoKey key) {
        String base64 = key.privatePem().replaceAll("-----[A-Z ]+-----|\\s", "");
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public TokenCall with(String name, String value) {
        form.add(Map.entry(name, value));
        return this;
    }

    public TokenCall without(String name) {
        form.removeIf(parameter -> parameter.getKey().equals(name));
        return this;
    }

    public TokenCall header(String name, String value) {
        headers.add(Map.entry(name, value));
        return this;
    }

    public TokenCall withoutHeader(String name) {
        headers.removeIf(header -> header.getKey().equals(name));
        return this;
    }

    public TokenCall fresh() {
        return header("Cache-Control", "no-cache");
    }

    /** Gives a token back (RFC 7009) instead. */
    public TokenCall giveBack(String token) {
        endpoint = "/oauth2/revoke";
        return with("token", token);
    }

    /** A connect with a refresh token of the IdP, or with a handle. */
    public TokenCall refreshToken(String token) {
        return with("grant_type", EXCHANGE)
                .with("subject_token_type", REFRESH_TOKEN)
                .with("subject_token", token);
    }

    public TokenCall idToken(String token) {
        return with("grant_type", EXCHANGE).with("subject_token_type", ID_TOKEN).with("subject_token", token);
    }

    public TokenCall to(String resource) {
        return with("resource", resource);
    }

    public TokenCall toFiles() {
        return to(world.demo().files().resource());
    }

    public TokenCall toWiki() {
        return to(world.demo().wiki().resource());
    }

    public Response send() {
        RequestSpecification request = RestAssured.given()
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(body());
        for (Map.Entry<String, String> header : headers) {
            request = request.header(header.getKey(), header.getValue());
        }
        return request.post(broker.url(endpoint));
    }

    /** The same request for the JDK's client, which bears a thousand at once. */
    public HttpRequest request() {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(broker.url("/oauth2/token")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body()));
        headers.forEach(header -> request.header(header.getKey(), header.getValue()));
        return request.build();
    }

    /** Sends the whole request, and hangs up after {@code patience} without reading: the answer is lost. */
    public void sendAndHangUp(Duration patience) throws IOException, InterruptedException {
        URI url = URI.create(broker.url("/oauth2/token"));
        String body = body();
        StringBuilder request = new StringBuilder("POST /oauth2/token HTTP/1.1\r\nHost: " + url.getAuthority()
                + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length() + "\r\n");
        headers.forEach(header -> request.append(header.getKey())
                .append(": ")
                .append(header.getValue())
                .append("\r\n"));
        request.append("\r\n").append(body);
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
            Thread.sleep(patience.toMillis());
        }
    }

    private String body() {
        return form.stream()
                .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
