package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.testing.BrokerWorld;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an operator sees: numbers that say what happened, and alerts and panels that ask for numbers that there are. */
class MonitoringIT implements OverHttp {

    private static final Path ALERTS = Path.of("helm", "files", "alerts.yaml");
    private static final Path DASHBOARD = Path.of("helm", "files", "dashboard.json");
    private static final Pattern METRIC = Pattern.compile("\\b(?:xaa|revocation|http_server|jvm)_[a-z_]+\\b");
    private static final Pattern ALERT =
            Pattern.compile("- alert: (\\w+)\\n(?:.*\\n)*?\\s+runbook: \"docs/runbook\\.md#(\\w+)");

    /** Counted from their first occurrence on, and none of it happens here. */
    private static final Set<String> NOT_YET = Set.of(
            "xaa_prober_failed_total",
            "xaa_prober_rounds_total",
            "xaa_broker_renewals_total",
            "xaa_sessions_live",
            "xaa_signals_degraded",
            "xaa_signals_handled_total",
            "xaa_upkeep_failures_total");

    private static BrokerWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.embedded(UnaryOperator.identity(), Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    private static String metrics() {
        return RestAssured.get(world.broker().url("/q/metrics")).asString();
    }

    private static Set<String> asked(String text) {
        Matcher found = METRIC.matcher(text);
        Set<String> names = new TreeSet<>();
        while (found.find()) {
            names.add(found.group());
        }
        return names;
    }

    @Test
    void connectsAreCountedByHowTheyEnded() {
        String handle = handleOf("cursor", DemoUser.ALICE);
        world.as("cursor").refreshToken(handle).toWiki().send();
        world.as("cursor").refreshToken("nonsense").toWiki().send();

        assertThat(metrics())
                .containsPattern("xaa_connects_total\\{cache=\"miss\",decision=\"allowed\",reason=\"allowed\"} [1-9]")
                .containsPattern("xaa_connects_total\\{cache=\"hit\",decision=\"allowed\",reason=\"allowed\"} [1-9]")
                .containsPattern("xaa_connect_leg_seconds_count\\{leg=\"idp\"} [1-9]")
                .containsPattern("xaa_connect_leg_seconds_count\\{leg=\"ras\"} [1-9]")
                .containsPattern("xaa_ledger_append_seconds_count\\{outcome=\"written\"} [1-9]")
                .containsPattern("xaa_policy_revision [1-9]")
                .doesNotContain("everyone-wiki");
    }

    @Test
    void whatAlertsAndPanelsAskForIsThere() throws Exception {
        String handle = handleOf("cursor", DemoUser.ALICE);
        world.as("cursor").giveBack(handle).send();
        // What was given back is revoked upstream in the background.
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!missing().isEmpty() && System.nanoTime() < patience) {
            TimeUnit.MILLISECONDS.sleep(100);
        }

        assertThat(missing()).isEmpty();
    }

    private static Set<String> missing() throws IOException {
        Set<String> there = asked(metrics());
        return asked(Files.readString(ALERTS) + Files.readString(DASHBOARD)).stream()
                .filter(name -> !there.contains(name) && !NOT_YET.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void eachAlertHasItsSectionInTheRunbook() throws Exception {
        String runbook = Files.readString(Path.of("docs", "runbook.md"));
        Matcher alert = ALERT.matcher(Files.readString(ALERTS));
        List<String> names = new ArrayList<>();
        while (alert.find()) {
            names.add(alert.group(1));
            assertThat(alert.group(2)).isEqualToIgnoringCase(alert.group(1));
            assertThat(runbook).contains("\n## " + alert.group(1) + "\n");
        }
        assertThat(names).hasSizeGreaterThan(8);
    }

    @Test
    void theDashboardIsOneThatGrafanaReads() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());

        assertThat(dashboard.path("uid").asText()).isEqualTo("xaa-broker");
        assertThat(dashboard.path("panels")).hasSizeGreaterThan(10).allSatisfy(panel -> {
            assertThat(panel.path("title").asText()).isNotBlank();
            assertThat(panel.path("targets")).isNotEmpty();
        });
    }
}
