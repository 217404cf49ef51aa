package dev.xaabroker.policy;

import static dev.xaabroker.policy.Example.FILE;
import static dev.xaabroker.policy.Example.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.policy.Lint.Advice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LintTest {

    private static final String GOOD = FILE + """
              - { id: all-plain, clients: [cursor], servers: [plain], users: any, scopes: [] }
            tests:
              - name: nobody else reads
                given: { user: { groups: [sales] }, client: cursor, server: figma, scopes: [admin] }
                expect: { decision: deny }
            """;

    @TempDir
    Path folder;

    private List<String> lint(String text) {
        return advice(text).stream()
                .map(advice -> advice.check() + " " + advice.subject())
                .toList();
    }

    private List<Advice> advice(String text) {
        try {
            Path file = Files.writeString(folder.resolve("policy.yaml"), text);
            return Lint.of(Example.load(text), file, NOW);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> withConnection(String rest) {
        return lint(
                GOOD.replace("tests:", "  - { id: more, clients: [cursor], servers: [figma], " + rest + " }\ntests:"));
    }

    private List<String> withDeny(String rest) {
        return lint(GOOD.replace("tests:", "deny:\n  - { id: never, " + rest + " }\ntests:"));
    }

    @Test
    void hasNothingToSayAboutAGoodFile() {
        assertThat(lint(GOOD)).isEmpty();
    }

    @Test
    void saysWhereItStandsAndWhatToDo() {
        Advice advice = advice(GOOD.replace("    owner: eng-owner", "    status: disabled"))
                .getFirst();

        assertThat(advice.check()).isEqualTo("connection-disabled");
        assertThat(advice.fix()).isNotEmpty();
        String line = GOOD.lines().skip(advice.line() - 1).findFirst().orElseThrow();
        assertThat(line.substring(advice.column() - 1)).isEqualTo("eng");
        assertThat(advice.toString())
                .startsWith(folder.resolve("policy.yaml") + ":" + advice.line() + ":" + advice.column() + ": ");
    }

    @Test
    void findsAFileWithoutTests() {
        assertThat(lint(GOOD.substring(0, GOOD.indexOf("tests:")))).containsExactly("no-tests the file");
    }

    @Test
    void findsConnectionsThatExpiredOrSoonDo() {
        String today = NOW.toString().substring(0, 10);
        String yesterday = NOW.minusSeconds(86_400).toString().substring(0, 10);
        String later = NOW.plusSeconds(40 * 86_400).toString().substring(0, 10);
        String rest = "users: any, scopes: [write], expires: ";

        assertThat(withConnection(rest + yesterday)).contains("expired connection more");
        assertThat(withConnection(rest + today)).containsExactly("expires-soon connection more");
        assertThat(withConnection(rest + later)).isEmpty();
    }

    @Test
    void findsAConnectionThatAnotherOneCovers() {
        assertThat(withConnection("users: { groups: [engineering] }, scopes: [read]"))
                .containsExactly("shadowed-rule connection more");
    }

    @Test
    void leavesAConnectionAloneThatAddsAnything() {
        String covered = "users: { groups: [engineering] }, scopes: [read]";

        assertThat(withConnection(covered.replace("read", "write"))).isEmpty();
        assertThat(withConnection(covered.replace("engineering", "sales"))).isEmpty();
        assertThat(withConnection(covered + ", tokenTtl: 1m")).isEmpty();
    }

    @Test
    void ofTwoThatAreTheSameNamesOnlyOne() {
        assertThat(withConnection("users: { groups: [engineering] }, scopes: [read]"))
                .hasSize(1);
    }

    @Test
    void findsAConnectionThatADenyRuleRefusesWhole() {
        assertThat(withDeny("servers: [figma], users: any")).containsExactly("shadowed-rule connection eng");
        assertThat(withDeny("servers: [figma], users: { groups: [sales] }")).isEmpty();
        assertThat(withDeny("servers: [figma], users: any, scopes: [read]"))
                .containsExactly("shadowed-rule connection eng");
    }

    @Test
    void findsAConnectionThatNoRequestReaches() {
        assertThat(lint(GOOD.replace("  plain:\n", "  plain:\n    status: disabled\n")))
                .containsExactly("unreachable-rule connection all-plain");
    }

    @Test
    void findsADenyRuleThatDeniesWhatNobodyHas() {
        assertThat(withDeny("servers: [figma], users: any, scopes: [admin]"))
                .containsExactly("deny-without-effect deny rule never");
        assertThat(withDeny("clients: [claude], servers: [plain], users: any"))
                .containsExactly("deny-without-effect deny rule never");
    }

    @Test
    void findsScopesThatOneOfItsServersDoesNotList() {
        String other = """
                  other:
                    resource: https://other.example/mcp
                    audience: https://auth.other.example
                    scopes: [look, read]
                    auth: { method: client_secret_basic, clientId: broker, secret: env:SECRET }
                """;
        String file = GOOD.replace("servers: [figma]\n", "servers: [figma, other]\n")
                .replace("  plain:\n", other + "  plain:\n")
                .replace("scopes: [read]\n", "scopes: [read, write]\n");

        assertThat(lint(file)).containsExactly("scope-not-offered connection eng");
    }

    @Test
    void findsAuditModeLeftOn() {
        assertThat(withDeny("servers: [figma], users: any, mode: audit")).containsExactly("audit-mode deny rule never");
        assertThat(withConnection("users: any, scopes: [write], mode: audit"))
                .containsExactly("audit-mode connection more");
    }

    @Test
    void findsEntriesAndGroupsThatNothingUses() {
        assertThat(lint(GOOD.replace("[tools]", "[cursor]")))
                .containsExactly("unused-client client claude", "unused-group client group tools");
        assertThat(lint(GOOD.replaceAll("  - \\{ id: all-plain.*\n", "")))
                .containsExactly("unused-server server plain");
    }

    @Test
    void findsWhatNobodyOwns() {
        String without = GOOD.replace(", owner: it@acme.example", "")
                .replace("    owner: eng-owner\n", "")
                .replace("    owner: design-ops\n", "");

        assertThat(lint(without))
                .containsExactly(
                        "no-owner server figma",
                        "no-owner server plain",
                        "no-owner connection eng",
                        "no-owner connection all-plain");
    }

    @Test
    void readsAFolderOfFiles() throws IOException {
        Path inside = Files.createDirectory(folder.resolve("policies"));
        Path file =
                Files.writeString(inside.resolve("a.yaml"), GOOD.replace("    owner: eng-owner", "    mode: audit"));

        assertThat(Lint.of(Example.load(Files.readString(file)), inside, NOW))
                .extracting(Advice::file)
                .containsExactly(file.toString());
    }
}
