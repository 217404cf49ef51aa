package dev.xaabroker.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.xaabroker.grant.User;
import dev.xaabroker.ledger.LedgerQueries.Stored;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OcsfTest {

    private static final Instant AT = Instant.parse("2026-11-21T09:30:00.123456Z");

    private static JsonNode event(Entry entry) {
        return Ocsf.of(EntryJson.of(new Stored("00a1", "writer", 7, entry)));
    }

    private static Entry happening(String decision, String reason, @Nullable String server) {
        return Happening.of(decision, reason).client("cursor").server(server).entry(AT, "r1", "acme");
    }

    @Test
    void aTokenIsAnAuthenticationWithUserServiceAndSession() {
        JsonNode event = event(Happening.of("allowed", "allowed")
                .user(new User("pseudonym"))
                .client("cursor")
                .server("files")
                .session("s1")
                .token("fingerprint")
                .entry(AT, "r1", "acme"));

        assertThat(event.path("class_uid").asInt()).isEqualTo(3002);
        assertThat(event.path("type_uid").asInt()).isEqualTo(300_299);
        assertThat(event.path("activity_name").asText()).isEqualTo("Token Exchange");
        assertThat(event.path("time").asLong()).isEqualTo(AT.toEpochMilli());
        assertThat(event.at("/user/uid").asText()).isEqualTo("pseudonym");
        assertThat(event.at("/service/name").asText()).isEqualTo("files");
        assertThat(event.at("/session/uid").asText()).isEqualTo("s1");
        assertThat(event.at("/actor/app_name").asText()).isEqualTo("cursor");
        assertThat(event.at("/metadata/uid").asText()).isEqualTo("writer.00a1");
        assertThat(event.at("/metadata/correlation_uid").asText()).isEqualTo("r1");
        assertThat(event.at("/unmapped/tokenFingerprint").asText()).isEqualTo("fingerprint");
        assertThat(event.path("status").asText()).isEqualTo("Success");
    }

    @ParameterizedTest
    @CsvSource({
        "allowed, 300299, 1",
        "denied, 300299, 2",
        "failed, 300299, 2",
        "withheld, 300299, 2",
        "renewed, 300299, 1",
        "revoked, 300299, 1",
        "not-revoked, 300299, 2",
        "ended, 300202, 1",
        "killed, 300412, 1",
        "reopened, 300413, 1",
        "alert, 200401, 1",
        "signal, 99, 1",
        "noted, 99, 1",
        "signals-degraded, 99, 1",
        "something-new, 99, 1"
    })
    void eachDecisionHasItsClassAndStatus(String decision, int type, int status) {
        JsonNode event = event(happening(decision, "client", null));

        assertThat(event.path("type_uid").asInt()).isEqualTo(type);
        assertThat(event.path("status_id").asInt()).isEqualTo(status);
        assertThat(event.path("category_uid").asInt())
                .isEqualTo(event.path("class_uid").asInt() / 1000);
        assertThat(event.path("unmapped").path("decision").asText()).isEqualTo(decision);
    }

    /** What the schema requires of every event, and of these classes. */
    @Test
    void nothingThatTheSchemaRequiresIsMissing() {
        List<String> always =
                List.of("activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid");
        for (String decision : List.of("denied", "ended", "killed", "alert", "signal")) {
            JsonNode event = event(happening(decision, "server", "files"));

            assertThat(always).as(decision).allMatch(event::has);
            assertThat(event.at("/metadata/product/vendor_name").asText()).isNotEmpty();
            assertThat(event.at("/metadata/version").asText()).isEqualTo("1.3.0");
        }
        assertThat(event(happening("denied", "no-connection", null))
                        .at("/user/name")
                        .asText())
                .isEqualTo("unknown");
        assertThat(event(happening("killed", "server", "files"))
                        .at("/entity/name")
                        .asText())
                .isEqualTo("files");
        assertThat(event(happening("killed", "client", null)).at("/entity/name").asText())
                .isEqualTo("cursor");
        assertThat(event(happening("alert", "probe:x", null))
                        .at("/finding_info/uid")
                        .asText())
                .isEqualTo("r1");
    }
}
