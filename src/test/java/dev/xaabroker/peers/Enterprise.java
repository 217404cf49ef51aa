package dev.xaabroker.peers;

import dev.xaabroker.peers.Http.Answer;
import java.net.URI;
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

/** The realm {@code enterprise}: its users log in at its login page, its administrator logs them out. */
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

        private String password() {
            return name + "-password";
        }
    }

    /** What a login gives the MCP client. */
    record Login(String refreshToken, String idToken) {}

    /** Logs a user in as a browser does: authorization code with PKCE (RFC 7636) through the login page. */
    Login logIn(Person person) {
        String verifier = random();
        String authorize = keycloak.issuer("enterprise") + "/protocol/openid-connect/auth?"
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
                        "S256"));
        HttpResponse<String> page = Http.send(Http.get(authorize));
        HttpResponse<String> sent = Http.send(
                Http.formPost(action(page.body()), Map.of("username", person.name(), "password", person.password()))
                        .header("Cookie", cookies(page)));
        Answer tokens = token(Map.of(
                "grant_type",
                "authorization_code",
                "code",
                code(sent),
                "redirect_uri",
                REDIRECT,
                "code_verifier",
                verifier));
        if (tokens.status() != 200) {
            throw new IllegalStateException("the code was refused with " + tokens.status());
        }
        return new Login(tokens.text("refresh_token"), tokens.text("id_token"));
    }

    /** Posts to the realm's token endpoint as the MCP client's registration. */
    Answer token(Map<String, String> form) {
        return Http.post(keycloak.tokenEndpoint("enterprise"), CLIENT, CLIENT_SECRET, form);
    }

    /** Ends all sessions of a user, as an administrator does in the console. */
    void adminLogsOut(Person person) {
        // Not-before counts in whole seconds: a login in the same second would outlive the logout.
        try {
            Thread.sleep(1_100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        HttpResponse<String> answer = Http.send(
                Http.formPost(keycloak.base() + "/admin/realms/enterprise/users/" + person.id() + "/logout", Map.of())
                        .setHeader("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + adminToken()));
        if (answer.statusCode() != 204) {
            throw new IllegalStateException("the admin's logout was answered with " + answer.statusCode());
        }
    }

    private String adminToken() {
        return Http.json(Http.send(Http.formPost(
                        keycloak.tokenEndpoint("master"),
                        Map.of(
                                "grant_type",
                                "password",
                                "client_id",
                                "admin-cli",
                                "username",
                                KeycloakServer.ADMIN,
                                "password",
                                KeycloakServer.ADMIN_PASSWORD))))
                .text("access_token");
    }

    private static String action(String page) {
        Matcher form = FORM_ACTION.matcher(page);
        if (!form.find()) {
            throw new IllegalStateException("no login form in the page");
        }
        return form.group(1).replace("&amp;", "&");
    }

    // By hand, because the cookies are Secure and the JDK's jar keeps those from plain http, which browsers allow here.
    private static String cookies(HttpResponse<String> page) {
        return page.headers().allValues("set-cookie").stream()
                .map(each -> each.substring(0, each.indexOf(';')))
                .collect(Collectors.joining("; "));
    }

    private static String code(HttpResponse<String> redirect) {
        String location = redirect.headers()
                .firstValue("location")
                .orElseThrow(() -> new IllegalStateException("the login was refused with " + redirect.statusCode()));
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
