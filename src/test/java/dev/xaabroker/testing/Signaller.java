package dev.xaabroker.testing;

import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.JwtDraft;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The demo identity provider as it tells a broker what is over: right tokens, to be spoilt by a test, and the calls. */
public final class Signaller {

    public static final String CAEP = "https://schemas.openid.net/secevent/caep/event-type/";
    public static final String RISC = "https://schemas.openid.net/secevent/risc/event-type/";
    public static final String SSF = "https://schemas.openid.net/secevent/ssf/event-type/";
    public static final String LOGOUT = "http://schemas.openid.net/event/backchannel-logout";

    /** What the file of the reference in {@link #listening} holds. */
    public static final String AGREED = "cursor-demo-secret";

    private static final Pattern SECRET = Pattern.compile("\"(file:[^\"]*/cursor)\"");

    private final BrokerWorld world;

    public Signaller(BrokerWorld world) {
        this.world = world;
    }

    /** The demo policy with these ways open, and an Authorization header agreed on for pushes. */
    public static UnaryOperator<String> listening(String ways) {
        return policy -> {
            Matcher secret = SECRET.matcher(policy);
            if (!secret.find()) {
                throw new IllegalStateException("the demo policy refers to no secret");
            }
            String ssf = ways.contains("ssf") ? "\n    ssf: { authorization: \"" + secret.group(1) + "\" }" : "";
            return policy.replace("recheck: 60s", "recheck: 60s\n    signals: [" + ways + "]" + ssf);
        };
    }

    public JwtDraft logoutToken(DemoUser user, String sid) {
        long now = System.currentTimeMillis() / 1000;
        return world.idp()
                .signal("logout+jwt")
                .claim("aud", "cursor-at-idp")
                .claim("exp", now + 120)
                .claim("sub", user == null ? null : user.sub())
                .claim("sid", sid)
                .claim("events", Map.of(LOGOUT, Map.of()));
    }

    public JwtDraft event(Map<String, ?> subject, String type, Map<String, ?> event) {
        return world.idp()
                .signal("secevent+jwt")
                .claim("aud", world.issuer() + "/signals/ssf/corp")
                .claim("sub_id", subject)
                .claim("events", Map.of(type, event));
    }

    public JwtDraft sessionRevoked(DemoUser user) {
        return event(issSub(user), CAEP + "session-revoked", Map.of());
    }

    public JwtDraft revocationRequest() {
        long now = System.currentTimeMillis() / 1000;
        return world.idp()
                .signal("global-token-revocation+jwt")
                .claim("aud", world.issuer() + "/signals/revocation/corp")
                .claim("sub", "the-broker-at-idp")
                .claim("nbf", now - 300)
                .claim("exp", now + 300);
    }

    public Map<String, String> issSub(DemoUser user) {
        return Map.of("format", "iss_sub", "iss", world.idp().issuer(), "sub", user.sub());
    }

    public static Map<String, String> email(DemoUser user) {
        return Map.of("format", "email", "email", user.email());
    }

    public Response logout(String token) {
        return form("logout_token=" + token);
    }

    /** Whatever body. */
    public Response form(String body) {
        return post("backchannel-logout", "application/x-www-form-urlencoded", Map.of(), body);
    }

    public Response push(String set) {
        return post("ssf", "application/secevent+jwt", Map.of("Authorization", AGREED), set);
    }

    public Response revoke(String bearer, String body) {
        return post("revocation", "application/json", Map.of("Authorization", "Bearer " + bearer), body);
    }

    /** To {@code /signals/WAY/corp}, or to {@code /signals/WAY} when it names one. */
    public Response post(String way, String type, Map<String, String> headers, String body) {
        RequestSpecification request = RestAssured.given()
                .config(RestAssured.config()
                        .encoderConfig(io.restassured.config.EncoderConfig.encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                                .encodeContentTypeAs(type, io.restassured.http.ContentType.TEXT)))
                .headers(headers)
                .body(body);
        return (type.isEmpty() ? request : request.contentType(type)).post(url(way));
    }

    private String url(String way) {
        return world.broker().url("/signals/" + (way.contains("/") ? way : way + "/corp"));
    }

    /** A push for the JDK's client, which bears many at once. */
    public HttpRequest pushing(String set) {
        return HttpRequest.newBuilder(URI.create(url("ssf")))
                .header("Content-Type", "application/secevent+jwt")
                .header("Authorization", AGREED)
                .POST(HttpRequest.BodyPublishers.ofString(set))
                .build();
    }
}
