package dev.xaabroker.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.User;
import dev.xaabroker.policy.Replay;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the requests that the admin face gives out for a replay. */
final class LedgerRequests {

    private static final int PAGE = 1_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private LedgerRequests() {}

    /**
     * The requests since then, a page at a time.
     *
     * @throws Stopped when the answer cannot be read
     */
    static List<Replay.Asked> of(AdminFace admin, @Nullable Instant since, int limit) {
        String query = since == null ? "" : "&since=" + encoded(since.toString());
        List<Replay.Asked> requests = new ArrayList<>();
        int left = limit;
        String cursor = "";
        do {
            Http.Reply reply = admin.get("/admin/ledger/requests?limit=" + Math.min(left, PAGE) + query
                    + (cursor.isEmpty() ? "" : "&cursor=" + encoded(cursor)));
            List<JsonNode> lines = lines(reply);
            lines.forEach(line -> read(line).ifPresent(requests::add));
            left -= lines.size();
            cursor = lines.isEmpty() ? "" : reply.json().path("next").asText("");
        } while (left > 0 && !cursor.isEmpty());
        return requests;
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** One object with {@code requests}, or an object per line. */
    private static List<JsonNode> lines(Http.Reply reply) {
        JsonNode whole = reply.json();
        List<JsonNode> lines = new ArrayList<>();
        if (whole.path("requests").isArray()) {
            whole.path("requests").forEach(lines::add);
            return lines;
        }
        try {
            for (String line :
                    reply.body().lines().filter(text -> !text.isBlank()).toList()) {
                lines.add(JSON.readTree(line));
            }
        } catch (JsonProcessingException e) {
            throw new Stopped("the broker's list of requests cannot be read: is this command of the broker's version?");
        }
        return lines;
    }

    /**
     * Only what policy allowed or denied: a peer that failed says nothing about the file. Refusals for a session that was
     * over say nothing about it either.
     */
    private static Optional<Replay.Asked> read(JsonNode line) {
        String decision = line.path("decision").asText();
        String reason = line.path("reason").asText();
        boolean allowed = decision.startsWith("allow");
        if ((!allowed && !decision.startsWith("den")) || reason.startsWith("session-") || reason.endsWith("-denied")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Replay.Asked(
                    Instant.parse(line.path("at").asText()),
                    line.path("requestId").asText(),
                    line.path("user").asText(""),
                    line.path("client").asText(),
                    line.path("server").asText(""),
                    scopes(line.path("asked")),
                    allowed,
                    reason,
                    user(line)));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new Stopped("a request in the broker's answer cannot be read: "
                    + AdminFace.printable(line.path("requestId").asText()));
        }
    }

    private static Optional<Scopes> scopes(JsonNode asked) {
        String joined = Decisions.joined(asked);
        return asked.isMissingNode() || asked.isNull() || joined.isBlank()
                ? Optional.empty()
                : Optional.of(Scopes.parse(joined));
    }

    /** What the broker last knew of the user; absent when it knows nothing any more. */
    private static Optional<Identity> user(JsonNode line) {
        if (!line.path("groups").isArray()) {
            return Optional.empty();
        }
        Map<String, List<String>> attributes = new HashMap<>();
        line.path("attributes")
                .properties()
                .forEach(attribute -> attributes.put(attribute.getKey(), texts(attribute.getValue())));
        String authTime = line.path("authTime").textValue();
        return Optional.of(new Identity(
                new User(line.path("user").asText("")),
                null,
                Set.copyOf(texts(line.path("groups"))),
                attributes,
                line.path("acr").textValue(),
                authTime == null ? null : Instant.parse(authTime)));
    }

    private static List<String> texts(JsonNode array) {
        Set<String> texts = new LinkedHashSet<>();
        array.forEach(text -> texts.add(text.asText()));
        return List.copyOf(texts);
    }
}
