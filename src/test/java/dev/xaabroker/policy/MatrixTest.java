package dev.xaabroker.policy;

import static dev.xaabroker.policy.Example.FILE;
import static dev.xaabroker.policy.Example.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.policy.Matrix.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

class MatrixTest {

    private static List<String> lines(String file, boolean whole) {
        return Matrix.of(Example.load(file), NOW, whole).rows().stream()
                .map(MatrixTest::line)
                .toList();
    }

    private static String line(Row row) {
        return "%s %s %s %s [%s] %s %s %s"
                .formatted(
                        row.server(),
                        row.client(),
                        row.group(),
                        row.reason(),
                        row.scopes(),
                        row.ttl(),
                        row.connections(),
                        row.needs());
    }

    @Test
    void listsWhoMayReachWhat() {
        assertThat(lines(FILE, false))
                .containsExactly(
                        "figma claude engineering allowed [read] 5m [eng] []",
                        "figma cursor engineering allowed [read] 5m [eng] []");
    }

    @Test
    void listsPairsWithoutAConnectionWhenAskedForAll() {
        assertThat(lines(FILE, true))
                .contains("plain cursor (anyone) no-connection []  [] []")
                .hasSize(4);
    }

    @Test
    void saysWhatElseMustHold() {
        String file = FILE.replace(
                "    owner: eng-owner",
                "    require: { acr: phr, maxAuthAge: 8h }\n    expires: 2030-01-01\n    owner: eng-owner");

        assertThat(lines(file, false).getFirst())
                .isEqualTo("figma claude engineering allowed [read] 5m [eng]"
                        + " [acr phr, login within 8h, until 2030-01-02T00:00:00Z]");
    }

    @Test
    void countsTheLoginThatGetsMost() {
        String file = FILE.substring(0, FILE.indexOf("  - id: eng")) + """
              - { id: a, clients: [cursor], servers: [figma], users: any, scopes: [read, write], require: { acr: a } }
              - { id: b, clients: [cursor], servers: [figma], users: any, scopes: [admin], require: { acr: b } }
            """;

        assertThat(lines(file, false)).containsExactly("figma cursor (anyone) allowed [read write] 5m [a] [acr a]");
    }

    @Test
    void showsWhomADenyRuleStops() {
        String file = FILE + """
              - { id: all, clients: [cursor], servers: [figma], users: any, scopes: [write] }
            deny:
              - { id: no-contractors, users: { groups: [contractors] }, servers: [figma] }
            """;

        assertThat(lines(file, false))
                .contains(
                        "figma cursor (anyone) allowed [write] 5m [all] []",
                        "figma cursor contractors denied-by-rule:no-contractors []  [] []",
                        "figma cursor engineering allowed [read write] 5m [all, eng] []");
    }
}
