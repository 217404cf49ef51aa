package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.xaabroker.grant.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The running broker's admin face, as commands use it. */
final class AdminFace {

    private final Http http;
    private final Secret token;

    AdminFace(Http http, Secret token) {
        this.http = http;
        this.token = token;
    }

    /** @throws Stopped with what the broker says, unless it answers 200 */
    Http.Reply get(String path) {
        return checked(http.get(path, Optional.of(token)));
    }

    /** The same for what takes long. */
    Http.Reply get(String path, Duration patience) {
        return checked(http.get(path, Optional.of(token), patience));
    }

    /** @throws Stopped with what the broker says, unless it answers 200 */
    JsonNode post(String path, JsonNode body) {
        return checked(http.postJson(path, body, token)).json();
    }

    /** A text as it may stand in a path or a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Http.Reply checked(Http.Reply reply) {
        if (reply.status() == 200) {
            return reply;
        }
        JsonNode problem = reply.json();
        String said = Stream.of("detail", "error_description", "message", "title")
                .map(member -> problem.path(member).asText(""))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        String hint =
                switch (reply.status()) {
                    case 401 -> "the token is not accepted: get a new one, or read the broker's admin.token again";
                    case 403 -> "the token lacks the role for this: xaa-it, xaa-security or xaa-auditor";
                    case 404 -> "it is not there; is this the broker's URL, and is the broker of this version?";
                    default -> "the broker answered " + reply.status();
                };
        throw new Stopped(
                String.join(": ", List.of(http.base(), hint + (said.isEmpty() ? "" : " (" + printable(said) + ")"))));
    }

    /** Text from elsewhere, without what a terminal would obey. */
    static String printable(String text) {
        String cut = text.length() > 500 ? text.substring(0, 500) : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
