package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.Rules;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each case exchanges one part of the example; {@code ^} marks where the one finding must point. */
class PolicyErrorsTest {

    private static final String ENG_END = "    owner: eng-owner\n";
    private static final String CURSOR_AUTH = "auth: { method: client_secret_basic, secret: env:SECRET }\n    idp: { p";
    private static final String CURSOR_IDP = "provider: corp, clientId: cursor-idp, method: client_secret_basic,";
    private static final String FIGMA_AUTH = "scopes: [read, write, admin]\n    auth: { method: client_secret_basic, ";

    static Stream<Arguments> malformed() {
        return Stream.of(
                c("a wrong version", "apiVersion: xaa/v1", "apiVersion: ^xaa/v2", "must be one of xaa/v1"),
                c(
                        "a missing kind",
                        "apiVersion: xaa/v1\nkind: ManagedConnections",
                        "^apiVersion: xaa/v1",
                        "the file needs `kind`"),
                c(
                        "a misspelt section",
                        "clientGroups:",
                        "^clientGroup:",
                        "did you mean `clientGroups`?",
                        "clients: [tools]",
                        "clients: [cursor]"),
                c("a key in snake case", "owner: eng-owner", "^token_ttl: 2m", "did you mean `tokenTtl`?"),
                c("a key that is near to none", "owner: eng-owner", "^zzzzzz: 2m", "it knows "),
                c("a key that stands twice", ENG_END, ENG_END + "    ^scopes: [read]\n", "already: remove one of the two"),
                c("a tenant that is no name", "tenant: acme", "tenant: ^a b", "a name is made of"),
                c("a missing tenant", "metadata: { tenant: acme, owner", "^metadata: { owner", "needs `tenant`"),
                c(
                        "a ttl above five minutes",
                        "clients:\n  cursor",
                        "defaults: { tokenTtl: ^6m }\nclients:\n  cursor",
                        "at most 300s"),
                c("a time span without unit", ENG_END, "    tokenTtl: ^\"300\"\n", "time span such as 30s"),
                c("a time span that is a number", ENG_END, "    tokenTtl: ^300\n", "put it in quotes"),
                c("a time span of nothing", ENG_END, "    tokenTtl: ^0s\n", "time span such as 30s"),
                c(
                        "a connection above the ceiling",
                        ENG_END,
                        "    tokenTtl: ^3m\n",
                        "at most 120s",
                        "clientGroups:",
                        "defaults: { tokenTtl: 2m }\nclientGroups:"),
                c("a date that does not exist", ENG_END, "    expires: ^2027-02-30\n", "must be a date that exists"),
                c("a date with a time", ENG_END, "    expires: ^2027-03-31T00:00:00Z\n", "must be a date that exists"),
                c("an issuer over http", "https://idp.acme.example", "^http://idp.acme.example", "must be https"),
                c("an issuer with a query", "https://idp.acme.example", "^https://idp.acme.example?a=b", "no query"),
                c("an issuer that is no URL", "https://idp.acme.example", "^idp.acme.example", "absolute https:// URL"),
                c("an issuer with user info", "https://idp.acme.example", "^https://me@idp.example", "user info"),
                c(
                        "a resource with a fragment",
                        "resource: https://mcp.plain.example/",
                        "resource: ^https://mcp.plain.example/#x",
                        "no fragment"),
                c("an audience over http", "https://auth.plain.example", "^http://auth.plain.example", "must be https"),
                c("an unknown profile", "profile: id-jag", "profile: ^id-jug", "did you mean `id-jag`?"),
                c(
                        "no profile",
                        "    profile: id-jag\n",
                        "",
                        "identity provider corp needs `profile`",
                        "  corp:\n",
                        "  ^corp:\n"),
                c(
                        "a strategy for keycloak",
                        "profile: id-jag",
                        "profile: keycloak\n    ^strategy: rt-direct",
                        "has its own strategy"),
                c(
                        "the strategy of keycloak",
                        "profile: id-jag",
                        "profile: id-jag\n    strategy: ^rt-to-access-token",
                        "must be one of rt-direct, rt-to-id-token"),
                c(
                        "an unknown signal",
                        "profile: id-jag",
                        "profile: id-jag\n    signals: [ssf, ^caep]",
                        "must be one of"),
                c(
                        "an origin with a path",
                        "profile: id-jag",
                        "profile: id-jag\n    tokenEndpointOrigins: [^https://a.example/x]",
                        "no path"),
                c(
                        "a flag that is a text",
                        "profile: id-jag",
                        "profile: id-jag\n    send: { resource: ^\"no\" }",
                        "must be true or false"),
                c("an unknown network", "profile: id-jag", "profile: id-jag\n    network: ^inside", "private, public"),
                c("a limit of zero", "profile: id-jag", "profile: id-jag\n    maxConcurrent: ^0", "from 1 to 10000"),
                c("a time-out of an hour", "profile: id-jag", "profile: id-jag\n    timeouts: { request: ^1h }", "60s"),
                c(
                        "an ID-JAG that is optional",
                        "profile: id-jag",
                        "profile: id-jag\n    idJag: { resource: ^no }",
                        "must be one of pinned, required"),
                c(
                        "no groups claim",
                        "groups: [engineering]",
                        "groups: ^[engineering]",
                        "does not say which claim holds groups",
                        "\n    claims: { groups: groups }",
                        ""),
                c(
                        "an unknown provider",
                        CURSOR_IDP,
                        "provider: ^crop, clientId: cursor-idp, method: client_secret_basic,",
                        "no identity provider is called `crop`; did you mean `corp`?"),
                c(
                        "one registration for two clients",
                        "clientId: claude-idp",
                        "clientId: ^cursor-idp",
                        "client cursor has this registration at corp already"),
                c(
                        "a secret in the file",
                        CURSOR_AUTH,
                        "auth: { method: client_secret_basic, secret: ^hunter2hunter2 }\n    idp: { p",
                        "must be a reference, env:NAME or file:PATH"),
                c(
                        "a variable that is not set",
                        CURSOR_AUTH,
                        "auth: { method: client_secret_basic, secret: ^env:NOT_SET }\n    idp: { p",
                        "env:NOT_SET is not set"),
                c(
                        "a key file that is not there",
                        CURSOR_AUTH,
                        "auth: { method: private_key_jwt, jwks: ^file:keys/none.jwks }\n    idp: { p",
                        "file:keys/none.jwks does not exist"),
                c(
                        "a JWK Set that is none",
                        CURSOR_AUTH,
                        "auth: { method: private_key_jwt, jwks: ^env:A_SECRET }\n    idp: { p",
                        "env:A_SECRET is no JWK Set"),
                c(
                        "a private key that is none",
                        FIGMA_AUTH + "clientId: broker, secret: env:SECRET",
                        "scopes: [read, write, admin]\n    auth: { method: private_key_jwt, clientId: broker, key: ^env:SECRET",
                        "env:SECRET is no private key"),
                c(
                        "a method without its secret",
                        CURSOR_AUTH,
                        "^auth: { method: client_secret_post }\n    idp: { p",
                        "needs `secret`"),
                c(
                        "a secret for private_key_jwt",
                        FIGMA_AUTH + "clientId: broker, secret",
                        "scopes: [read, write, admin]\n    auth: { method: ^client_secret_jwt, clientId: broker, secret",
                        "did you mean `client_secret_"),
                c(
                        "a client id with a comma",
                        "  claude:\n",
                        "  ^\"clau,de\":\n",
                        "visible ASCII",
                        "tools: [cursor, claude]",
                        "tools: [cursor]"),
                c(
                        "a status that is none",
                        "  cursor:\n",
                        "  cursor:\n    status: ^off\n",
                        "must be one of disabled, enabled"),
                c(
                        "an alias of another server",
                        "resource: https://mcp.plain.example/",
                        "resource: ^https://mcp.figma.example/mcp/",
                        "server figma has this resource or alias already"),
                c(
                        "revocation of long tokens",
                        "owner: design-ops",
                        "owner: design-ops\n    longTokens: ^revoke",
                        "comes with revocation; use refuse or accept"),
                c("an unknown tier", "owner: design-ops", "tier: ^secret", "must be one of confidential"),
                c(
                        "credentials for an unknown client",
                        "owner: design-ops",
                        "authFor: { ^curser: { method: client_secret_basic, clientId: x, secret: env:SECRET } }",
                        "did you mean `cursor`?"),
                c(
                        "a scope with a space",
                        "[read, write, admin]",
                        "[read, write, admin, ^\"a b\"]",
                        "not a scope value"),
                c(
                        "a scope that is listed twice",
                        "[read, write, admin]",
                        "[read, write, admin, ^read]",
                        "listed twice"),
                c(
                        "no scopes on a server",
                        "    scopes: []\n",
                        "",
                        "server plain needs `scopes`",
                        "  plain:\n",
                        "  ^plain:\n"),
                c(
                        "an unknown member of a group",
                        "tools: [cursor, claude]",
                        "tools: [cursor, ^clod]",
                        "no client is called `clod`"),
                c("an empty group", "tools: [cursor, claude]", "tools: ^[]", "must not be empty"),
                c(
                        "a group named like a client",
                        "  tools: [cursor, claude]\n",
                        "  ^cursor: [claude]\n",
                        "has this name already",
                        "clients: [tools]",
                        "clients: [cursor]"),
                c("an unknown client", "clients: [tools]", "clients: [^tolls]", "did you mean `tools`?"),
                c(
                        "a wildcard for clients",
                        "clients: [tools]",
                        "clients: [^\"*\"]",
                        "no client or client group is called"),
                c("an unknown server", "servers: [figma]", "servers: [^fogma]", "did you mean `figma`?"),
                c("no servers", "servers: [figma]", "servers: ^[]", "must not be empty"),
                c("clients that are a text", "clients: [tools]", "clients: ^tools", "must be a list"),
                c("a group that is a number", "groups: [engineering]", "groups: [^42]", "put it in quotes"),
                c("no users", "    users: { groups: [engineering] }\n", "", "needs `users`", "- id: eng", "- ^id: eng"),
                c(
                        "users without groups",
                        "users: { groups: [engineering] }",
                        "^users: { idp: corp }",
                        "needs `groups`"),
                c(
                        "users by e-mail",
                        "{ groups: [engineering] }",
                        "{ groups: [engineering], ^emails: [a@b.example] }",
                        "unknown key `emails`"),
                c("users everyone", "users: { groups: [engineering] }", "users: ^everyone", "`users` is `any`"),
                c("no group at all", "groups: [engineering]", "groups: ^[]", "must not be empty"),
                c(
                        "users of an unknown IdP",
                        "groups: [engineering]",
                        "groups: [engineering], idp: ^carp",
                        "did you mean `corp`?"),
                c("a scope that no server offers", "scopes: [read]", "scopes: [read, ^wrote]", "did you mean `write`?"),
                c("no scopes", "    scopes: [read]\n", "", "needs `scopes`", "- id: eng", "- ^id: eng"),
                c(
                        "empty scopes on a server that has some",
                        "scopes: [read]",
                        "scopes: ^[]",
                        "gives nothing on server figma"),
                c("a condition", ENG_END, "    ^when: 'true'\n", "`when:` is not supported yet"),
                c("a requirement of nothing", ENG_END, "    ^require: {}\n", "`require` is empty"),
                c("an unknown mode", ENG_END, "    mode: ^dry-run\n", "must be one of audit, enforce"),
                c("a key without a value", ENG_END, "    owner:^\n", "is empty: give it a value"),
                c("an empty text", ENG_END, "    owner: ^\" \"\n", "is empty: give it a value"),
                c(
                        "an id that stands twice",
                        ENG_END,
                        ENG_END + "deny:\n  - id: ^eng\n    users: any\n",
                        "has the id `eng`"),
                c("a deny rule without users", ENG_END, ENG_END + "deny:\n  - ^id: d\n", "needs `users`"),
                c(
                        "a deny rule for a misspelt scope",
                        ENG_END,
                        ENG_END + "deny:\n  - id: d\n    users: any\n    scopes: [^reed]\n",
                        "did you mean `read`?"),
                c(
                        "a deny rule with an expiry",
                        ENG_END,
                        ENG_END + "deny:\n  - id: d\n    users: any\n    ^expires: 2027-01-01\n",
                        "unknown key `expires`"),
                c(
                        "a test that expects nothing",
                        ENG_END,
                        ENG_END + "tests:\n  - ^name: n\n    given: { user: {}, client: a, server: b }\n",
                        "needs `expect`"),
                c(
                        "a test with an unknown reason",
                        ENG_END,
                        ENG_END + "tests:\n  - name: n\n    given: { user: {}, client: a, server: b }\n"
                                + "    expect: { decision: deny, reason: ^client-disbled }\n",
                        "did you mean `client-disabled`?"),
                c(
                        "a test at no time",
                        ENG_END,
                        ENG_END + "tests:\n  - name: n\n    given: { user: {}, client: a, server: b, at: ^today }\n"
                                + "    expect: { decision: deny }\n",
                        "must be a time in UTC"),
                c("deny rules that are a mapping", ENG_END, ENG_END + "deny: ^{ id: d }\n", "must be a list"),
                c("a tab for indentation", ENG_END, "^\towner: x\n", "not well-formed YAML"),
                c(
                        "a list that is not closed",
                        "groups: [engineering] }",
                        "groups: [engineering ^}",
                        "not well-formed YAML"),
                c(
                        "an alias without anchor",
                        "owner: eng-owner",
                        "owner: ^*someone",
                        "an alias (*name) without its anchor"),
                c("a second document", ENG_END, ENG_END + "^---\nkind: x\n", "not well-formed YAML"),
                c("a control character", "owner: eng-owner", "owner: eng^\u0001owner", "control character"),
                c("a key that is a list", ENG_END, ENG_END + "^[a]: b\n", "a key must be a text"),
                c("a merge key", ENG_END, ENG_END + "    ^<<: { mode: audit }\n", "unknown key `<<`"),
                c("a tagged text", "owner: eng-owner", "owner: ^!!binary aGk=", "put it in quotes"),
                c("a tagged mapping", "users: { groups", "users: ^!mine { groups", "must be a mapping"));
    }

    /** {@code more}: further parts and what replaces them; one replacement of all holds the mark. */
    private static Arguments c(String name, String part, String replacement, String message, String... more) {
        String text = Example.exchange(part, replacement);
        for (int i = 0; i < more.length; i += 2) {
            assertThat(text).containsOnlyOnce(more[i]);
            text = text.replace(more[i], more[i + 1]);
        }
        int mark = text.indexOf('^');
        int line = (int) text.substring(0, mark).chars().filter(c -> c == '\n').count() + 1;
        int column = mark - text.lastIndexOf('\n', mark);
        return Arguments.of(Named.of(name, text.replace("^", "")), line, column, message);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesAMalformedFileAndPointsAtThePlace(String text, int line, int column, String message) {
        PolicyInvalid invalid = catchThrowableOfType(PolicyInvalid.class, () -> Example.load(text));

        assertThat(invalid).as("it must not load").isNotNull();
        assertThat(invalid.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.message()).contains(message);
            assertThat(finding.line() + ":" + finding.column()).isEqualTo(line + ":" + column);
            assertThat(finding.file()).isEqualTo("policy.yaml");
        });
        assertThat(invalid.getMessage()).doesNotContain("hunter2").doesNotContain(Example.SECRET);
    }

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
