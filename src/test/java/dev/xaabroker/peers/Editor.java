package dev.xaabroker.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.peers.Enterprise.Login;
import dev.xaabroker.peers.Enterprise.Person;
import dev.xaabroker.peers.Http.Answer;
import java.util.Map;

/** The MCP client {@code editor}, which connects to the MCP server {@code files} through the broker. */
record Editor(String tokenEndpoint) {
    static final String SECRET = "editor-secret-of-the-peers-suite";

    /** A login, and what the connect answered that adopted it. */
    record Adopted(Login login, Answer answer) {
        String handle() {
            return answer.text("refresh_token");
        }

        String upstreamToken() {
            return answer.text("access_token");
        }
    }

    /** Logs a user in, and has the broker adopt the login. */
    Adopted adopts(Enterprise enterprise, Person person) {
        Login login = enterprise.logIn(person);
        Answer answer = connects(login.refreshToken());
        assertThat(answer.status()).as(answer.refusal()).isEqualTo(200);
        return new Adopted(login, answer);
    }

    /** One connect with an IdP refresh token or a handle. */
    Answer connects(String refreshTokenOrHandle, String... headers) {
        return connect("urn:ietf:params:oauth:token-type:refresh_token", refreshTokenOrHandle, headers);
    }

    /** One connect that takes no token from the cache. */
    Answer connectsUncached(String handle) {
        return connects(handle, "Cache-Control", "no-cache");
    }

    Answer connectsWithIdToken(String idToken) {
        return connect("urn:ietf:params:oauth:token-type:id_token", idToken);
    }

    /** Gives back a handle (RFC 7009). */
    Answer givesBack(String handle) {
        return Http.post(
                tokenEndpoint.replace("/oauth2/token", "/oauth2/revoke"), "editor", SECRET, Map.of("token", handle));
    }

    private Answer connect(String type, String subjectToken, String... headers) {
        return Http.post(
                tokenEndpoint,
                "editor",
                SECRET,
                Map.of(
                        "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange",
                        "resource", "https://files.peers.example/mcp",
                        "scope", "files.read",
                        "subject_token", subjectToken,
                        "subject_token_type", type),
                headers);
    }
}
