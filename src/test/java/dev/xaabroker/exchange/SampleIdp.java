package dev.xaabroker.exchange;

import dev.xaabroker.exchange.LoopbackPeer.Reply;
import dev.xaabroker.exchange.LoopbackPeer.Request;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;

/** An IdP that really signs. Each test bends what it needs: metadata, claims, headers, answers. */
final class SampleIdp implements AutoCloseable {

    static final String USER = "00u-alice";
    static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";

    final LoopbackPeer http = new LoopbackPeer();
    final Map<String, Object> metadata = new HashMap<>();
    final Map<String, String> idJagHeaders = new HashMap<>(Map.of("typ", "oauth-id-jag+jwt"));
    final Map<String, Object> exchangeAnswer =
            new HashMap<>(Map.of("issued_token_type", ID_JAG, "token_type", "N_A", "expires_in", 300));
    final Map<String, Object> refreshAnswer = new HashMap<>(
            Map.of("token_type", "Bearer", "access_token", "idp-access-token", "refresh_token", "rotated-token"));
    int exchangeStatus = 200;
    Consumer<JwtClaims> idJagClaims = claims -> {};
    Consumer<JwtClaims> idTokenClaims = claims -> {};
    Function<Request, Reply> instead = request -> null;
    Signer signer = new Signer("idp-1");
    String jwks = Signer.jwks(signer);

    private final Clock clock;

    SampleIdp(Clock clock) {
        this.clock = clock;
        metadata.put("issuer", issuer());
        metadata.put("token_endpoint", issuer() + "/token");
        metadata.put("jwks_uri", issuer() + "/jwks");
        metadata.put(
                "token_endpoint_auth_methods_supported",
                List.of("client_secret_basic", "client_secret_post", "private_key_jwt"));
        http.on("/.well-known/oauth-authorization-server", request -> Reply.json(200, metadata));
        http.on("/jwks", request -> new Reply(200, Map.of(), jwks));
        http.on("/token", this::token);
    }

    String issuer() {
        return http.url();
    }

    List<Request> tokenRequests() {
        return http.to("/token");
    }

    Request lastTokenRequest() {
        return tokenRequests().getLast();
    }

    private Reply token(Request request) {
        Reply other = instead.apply(request);
        if (other != null) {
            return other;
        }
        return request.parameter("grant_type").equals("refresh_token") ? refreshed() : exchanged(request);
    }

    private Reply refreshed() {
        Map<String, Object> answer = new HashMap<>(refreshAnswer);
        answer.putIfAbsent("id_token", idToken());
        answer.values().removeIf(""::equals);
        return Reply.json(200, answer);
    }

    private Reply exchanged(Request request) {
        JwtClaims claims = claims(request.parameter("audience"));
        claims.setClaim("client_id", "broker-at-ras");
        if (request.form().containsKey("resource")) {
            claims.setClaim("resource", request.parameter("resource"));
        }
        idJagClaims.accept(claims);
        Map<String, Object> answer = new HashMap<>(exchangeAnswer);
        answer.putIfAbsent("access_token", signer.sign(idJagHeaders, claims));
        answer.values().removeIf(""::equals);
        return Reply.json(exchangeStatus, answer);
    }

    String idToken() {
        JwtClaims claims = claims("cursor-at-idp");
        idTokenClaims.accept(claims);
        return signer.sign(Map.of(), claims);
    }

    private JwtClaims claims(String audience) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(issuer());
        claims.setSubject(USER);
        claims.setAudience(audience);
        claims.setGeneratedJwtId();
        claims.setIssuedAt(NumericDate.fromMilliseconds(clock.millis()));
        claims.setExpirationTime(NumericDate.fromMilliseconds(clock.millis() + 300_000));
        return claims;
    }

    @Override
    public void close() {
        http.close();
    }
}
