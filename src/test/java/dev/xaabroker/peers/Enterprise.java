package dev.xaabroker.peers;

import dev.xaabroker.peers.Http.Answer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The realm {@code enterprise}: its users log in at its login page. What its administrator does: {@link Administrator}. */
final class Enterprise {
    /** The MCP client's registration at the identity provider. */
    static final String CLIENT = "editor-at-enterprise";

    static final String CLIENT_SECRET = "editor-at-enterprise-secret";

    /** Nothing listens there; only the redirect that names it is read. */
    private static final String REDIRECT = "http://127.0.0.1:1/callback";

    private static final Pattern FORM_ACTION = Pattern.compile("<form[^>]*\\baction=\"([^\"]+)\"");

    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeycloakServer keycloak;

    Enterprise(KeycloakServer keycloak) {
        this.keycloak = keycloak;
    }

    /** A user of the realm; its password is its name and "-password". */
    record Person(String name, String id) {
        static final Person ALICE = new Person("alice", "6a1b1f2e-0c35-4a4c-9c5c-000000000001");
        static final Person BOB = new Person("bob", "6a1b1f2e-0c35-4a4c-9c5c-000000000002");

        /** Permitted as Alice is, and never in trouble. */
        static final Person CAROL = new Person("carol", "6a1b1f2e-0c35-4a4c-9c5c-000000000003");

        String password() {
            return name + "-password";
        }
    }

    /** What a login gives the MCP client. */
    record Login(String refreshToken, String idToken) {

        /** The {@code sid} of its ID token. */
        String session() {
            return Http.claims(idToken).path("sid").asText();
        }
    }

    /** Logs a user in as a browser does: authorization code with PKCE (RFC 7636) through the login page. */
    Login logIn(Person person) {
        Browser browser = new Browser();
        return browser.tokens(browser.logIn(person));
    }

    /**
     * Logs in a user who has to choose a password, and who leaves the tick at "Sign out from other devices" where Keycloak
     * puts it. The password stays what it was.
     */
    Login logInChoosingAPassword(Person person) {
        Browser browser = new Browser();
        HttpResponse<String> page = browser.follow(browser.logIn(person));
        return browser.tokens(browser.submit(
                page,
                Map.of(
                        "password-new", person.password(),
                        "password-confirm", person.password(),
                        "logout-sessions", "on")));
    }

    /** One login in one browser. */
    private final class Browser {
        private final String verifier = random();
        private final Map<String, String> cookies = new LinkedHashMap<>();

        HttpResponse<String> logIn(Person person) {
            HttpResponse<String> page = send(Http.get(keycloak.issuer("enterprise") + "/protocol/openid-connect/auth?"
                    + Http.query(Map.of(
                            "response_type",
                            "code",
                            "client_id",
                            CLIENT,
                            "redirect_uri",
                            REDIRECT,
                            "scope",
                            "openid",
                            "state",
                            random(),
                            "nonce",
                            random(),
                            "code_challenge",
                            challenge(verifier),
                            "code_challenge_method",
                            "S256"))));
            return submit(page, Map.of("username", person.name(), "password", person.password()));
        }

        HttpResponse<String> submit(HttpResponse<String> page, Map<String, String> form) {
            return send(Http.formPost(action(page.body()), form));
        }

        HttpResponse<String> follow(HttpResponse<String> redirect) {
            return send(Http.get(location(redirect)));
        }

        Login tokens(HttpResponse<String> redirect) {
            Answer tokens = token(Map.of(
                    "grant_type",
                    "authorization_code",
                    "code",
                    code(location(redirect)),
                    "redirect_uri",
                    REDIRECT,
                    "code_verifier",
                    verifier));
            if (tokens.status() != 200) {
                throw new IllegalStateException("the code was refused with " + tokens.status());
            }
            return new Login(tokens.text("refresh_token"), tokens.text("id_token"));
        }

        // By hand, because the cookies are Secure and the JDK's jar keeps those from plain http, which browsers allow
        // here.
        private HttpResponse<String> send(HttpRequest.Builder request) {
            if (!cookies.isEmpty()) {
                request.header(
                        "Cookie",
                        cookies.entrySet().stream()
                                .map(each -> each.getKey() + "=" + each.getValue())
                                .collect(Collectors.joining("; ")));
            }
            HttpResponse<String> answer = Http.send(request);
            for (String cookie : answer.headers().allValues("set-cookie")) {
                String pair = cookie.substring(0, cookie.indexOf(';'));
                String name = pair.substring(0, pair.indexOf('='));
                String value = pair.substring(pair.indexOf('=') + 1);
                if (value.isEmpty()) {
                    cookies.remove(name);
                } else {
                    cookies.put(name, value);
                }
            }
            return answer;
        }
    }

    /** Posts to the realm's token endpoint as the MCP client's registration. */
    Answer token(Map<String, String> form) {
        return Http.post(keycloak.tokenEndpoint("enterprise"), CLIENT, CLIENT_SECRET, form);
    }

    /** Revokes a token as the MCP client's registration (RFC 7009). */
    Answer revoke(String token) {
        return Http.post(
                keycloak.issuer("enterprise") + "/protocol/openid-connect/revoke",
                CLIENT,
                CLIENT_SECRET,
                Map.of("token", token));
    }

    private static String action(String page) {
        Matcher form = FORM_ACTION.matcher(page);
        if (!form.find()) {
            throw new IllegalStateException("no login form in the page");
        }
        return form.group(1).replace("&amp;", "&");
    }

    private static String location(HttpResponse<String> redirect) {
        return redirect.headers()
                .firstValue("location")
                .orElseThrow(() -> new IllegalStateException("the login was refused with " + redirect.statusCode()));
    }

    private static String code(String location) {
        List<String> parameters =
                Arrays.asList(URI.create(location).getRawQuery().split("&"));
        Map<String, String> byName = new LinkedHashMap<>();
        parameters.forEach(
                each -> byName.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1)));
        return byName.get("code");
    }

    private static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
