package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.Rules;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for the findings of any malformed policy; each kind of mistake is a case of {@link MalformedPoliciesTest}. */
class PolicyErrorsTest {

    private static final String CURSOR_AUTH = "auth: { method: client_secret_basic, secret: env:SECRET }\n    idp: { p";
    private static final String CURSOR_IDP = "provider: corp, clientId: cursor-idp, method: client_secret_basic,";
    private static final String FIGMA_AUTH = "scopes: [read, write, admin]\n    auth: { method: client_secret_basic, ";

    @Test
    void countsLinesAndColumnsFromOne() {
        PolicyInvalid invalid =
                catchThrowableOfType(PolicyInvalid.class, () -> Example.load("apiVersion: xaa/v1\nkimd: x\n"));

        assertThat(invalid.findings().stream().map(Finding::toString))
                .anyMatch(line ->
                        line.startsWith("policy.yaml:2:1: unknown key `kimd` in the file; did you mean `kind`?"));
    }

    @Test
    void showsAllFindingsInTheOrderOfTheLines() {
        String text = Example.FILE
                .replace("clients: [tools]", "clients: [tolls]")
                .replace("profile: id-jag", "profile: idjag2")
                .replace("scopes: [read]", "scopes: [red]");

        PolicyInvalid invalid = catchThrowableOfType(PolicyInvalid.class, () -> Example.load(text));

        assertThat(invalid.findings()).extracting(Finding::line).isSorted().hasSize(3);
    }

    @Test
    void anEmptyFileSaysHowToBegin() {
        PolicyInvalid invalid = catchThrowableOfType(PolicyInvalid.class, () -> Example.load("# nothing yet\n"));

        assertThat(invalid.findings())
                .containsExactly(
                        new Finding("policy.yaml", 1, 1, "the file is empty: start with `apiVersion: xaa/v1`"));
    }

    @Test
    void severalIdentityProvidersMustBeTold() {
        String second = "  corp:\n    issuer: https://idp.acme.example\n";
        String two = Example.FILE.replace(second, "  partner: { issuer: https://p.example, profile: okta }\n" + second);

        assertThat(findings(two)).singleElement().satisfies(finding -> assertThat(finding.message())
                .contains("there are several identity providers: add `idp: NAME`"));
        assertThat(findings(two.replace("users: { groups: [engineering] }", "users: any")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("{ groups: any, idp: NAME }"));
        assertThat(findings(two.replace("{ groups: [engineering] }", "{ groups: any, idp: corp }")))
                .isEmpty();
    }

    /** Ten anchors of ten aliases each would be 10^10 nodes. */
    @Test
    void aliasesCannotExplode() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 10; i++) {
            String last = "*a" + (i - 1);
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(",", java.util.Collections.nCopies(10, last))));
        }
        StringBuilder fewAliases = new StringBuilder("a0: &a0 [x,x]\n");
        for (int i = 1; i < 25; i++) {
            fewAliases.append("a%d: &a%d [*a%d,*a%d]\n".formatted(i, i, i - 1, i - 1));
        }

        assertThat(findings(bomb.toString())).singleElement().satisfies(f -> assertThat(f.message())
                .contains("aliases"));
        assertThat(findings(fewAliases.toString())).singleElement().satisfies(f -> assertThat(f.message())
                .contains("use fewer aliases"));
        assertThat(findings("a: &a [*a]\n")).isNotEmpty();
        assertThat(findings("[".repeat(100_000))).isNotEmpty();
    }

    @Test
    void anAliasOfOrdinarySizeIsFine() {
        String text = Example.FILE.replace("groups: [engineering]", "groups: &g [engineering]")
                + "deny:\n  - id: d\n    users: { groups: *g }\n    mode: audit\n";

        assertThat(findings(text)).isEmpty();
    }

    /** The YAML library reads in pieces, and once broke on a character that lay across two of them. */
    @Test
    void aCharacterBeyondTheBasicPlaneMayStandAnywhere() {
        for (int before = 0; before < 1_100; before++) {
            String text = "# " + "x".repeat(before) + "\ud83d\ude00 at the end of a comment\n" + Example.FILE;

            assertThat(findings(text)).as("after %d", before).isEmpty();
        }
    }

    @Test
    void aControlCharacterAtTheStartOfALineIsOnThatLine() {
        assertThat(findings("a: b\n\u0001: c\n")).singleElement().satisfies(finding -> {
            assertThat(finding.line()).isEqualTo(2);
            assertThat(finding.column()).isEqualTo(1);
        });
    }

    @Test
    void withoutAnIdentityProviderThereIsNothingToDo() {
        assertThat(
                        findings(
                                "apiVersion: xaa/v1\nkind: ManagedConnections\nmetadata: { tenant: t }\nidentityProviders: {}\n"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.toString())
                        .isEqualTo("policy.yaml:4:1: `identityProviders` needs at least one, by name"));
    }

    /** However a secret is pasted into the place of its reference, and whatever YAML makes of it. */
    @Test
    @Rules({"K5"})
    void aSecretThatWasPastedIsNeverRepeated() {
        String canary = "hunter2canary";
        for (String pasted : List.of(
                "%s",
                "\"%s\"",
                "'%s'",
                "\"%s",
                "*%s",
                "&%s",
                "&%s x",
                "!%s x",
                "!!%s x",
                "!%s!a x",
                "{ %s }",
                "[%s]",
                "%s, b",
                "a, %s",
                "a,%s",
                "@%s",
                "`%s`",
                "%%%s",
                "|%s",
                ">%s",
                "%s: x",
                "x: %s",
                "\"\\%s\"",
                "env: %s",
                "env:%s-",
                "- %s",
                "? %s",
                "%s\n%s",
                "#%s",
                "%s #",
                "{%s: x}",
                "a, %s: b",
                "secret: %s",
                "a }, %s: {",
                "a } }\n%s: {",
                "%s\u0001")) {
            String secret = pasted.replace("%s", canary).replace("%%", "%");
            for (String place : List.of(
                    CURSOR_AUTH,
                    CURSOR_IDP + " secret: env:SECRET",
                    FIGMA_AUTH + "clientId: broker, secret: env:SECRET")) {
                String text = Example.exchange(place, place.replace("secret: env:SECRET", "secret: " + secret));

                PolicyInvalid invalid = catchThrowableOfType(PolicyInvalid.class, () -> Example.load(text));

                assertThat(invalid).as(secret).isNotNull();
                assertThat(invalid.getMessage()).as(secret).doesNotContain(canary);
            }
        }
    }

    private static List<Finding> findings(String text) {
        PolicyInvalid invalid = catchThrowableOfType(PolicyInvalid.class, () -> Example.load(text));
        return invalid == null ? List.of() : invalid.findings();
    }
}
