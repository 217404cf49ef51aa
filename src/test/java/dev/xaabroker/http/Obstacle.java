package dev.xaabroker.http;

import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.testing.TokenCall;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Each thing that can stand between alice with Cursor and the server {@code files}, in the order in which the broker meets
 * them: first what needs no user, before any session is looked at (PRODUCT.md, "The order"), then the rest. Within each half
 * the order is that of POLICY.md.
 */
enum Obstacle {
    CLIENT_DISABLED("client-disabled", "unauthorized_client", "dev-tools", edit("cursor:\n", "status: disabled")),
    CLIENT_KILLED("client-killed", "unauthorized_client", "dev-tools", Map.of("kind", "client", "name", "cursor")),
    SERVER_UNKNOWN("server-unknown", "invalid_target", "it-identity@acme.example"),
    SERVER_DISABLED("server-disabled", "invalid_target", "storage-team", edit("files:\n", "status: disabled")),
    SERVER_KILLED("server-killed", "invalid_target", "storage-team", Map.of("kind", "server", "name", "files")),
    IDP_DISABLED("idp-disabled", "invalid_grant", "it-identity@acme.example", edit("corp:\n", "status: disabled")),
    RESOURCE_MISMATCH("resource-mismatch", "invalid_target", "storage-team"),
    DENIED_TO_ALL("denied-by-rule:closed", "invalid_target", "storage-team", deny("closed", "any")),
    NO_CONNECTION(
            "no-connection",
            "invalid_target",
            "storage-team",
            swap("clients: [coding-tools]\n    servers: [files]", "clients: [vscode]\n    servers: [files]")),
    CONNECTION_DISABLED(
            "connection-disabled",
            "invalid_target",
            "storage-team",
            edit("- id: engineering-files\n", "status: disabled")),
    CONNECTION_EXPIRED(
            "connection-expired",
            "invalid_target",
            "storage-team",
            edit("- id: engineering-files\n", "expires: 2020-02-29")),
    CONNECTION_KILLED(
            "connection-killed",
            "invalid_target",
            "storage-team",
            Map.of("kind", "connection", "name", "engineering-files")),
    SCOPE_NOBODY_HAS("scope-not-allowed", "invalid_scope", "storage-team"),
    SESSION_UNKNOWN("session-unknown", "invalid_grant", null),
    SESSION_ENDED("session-ended", "invalid_grant", null),
    USER_KILLED(
            "user-killed",
            "invalid_grant",
            "it-identity@acme.example",
            Map.of("kind", "user", "idp", "corp", "subject", DemoUser.ALICE.sub())),
    DENIED_TO_GROUP(
            "denied-by-rule:no-engineers",
            "invalid_target",
            "storage-team",
            deny("no-engineers", "{ groups: [engineering] }")),
    USER_NOT_IN_GROUP(
            "user-not-in-group",
            "invalid_target",
            "storage-team",
            swap("users: { groups: [engineering] }\n    scopes", "users: { groups: [design] }\n    scopes")),
    SCOPE_OTHERS_HAVE("scope-not-allowed", "invalid_scope", "storage-team", connection("files.write", "sales")),
    ASSURANCE_TOO_LOW(
            "assurance-too-low",
            "insufficient_user_authentication",
            "storage-team",
            edit("- id: engineering-files\n", "require: { acr: gold }")),
    CONDITION_FALSE(
            "condition-false",
            "invalid_target",
            "storage-team",
            edit("- id: engineering-files\n", "when: 'request.scopes.size() > 5'")),
    /** Nothing is known of the department of the demo world's users. */
    CONDITION_ERROR("condition-error", "invalid_target", "storage-team", yaml -> edit(
                    "- id: engineering-files\n", "when: 'user.department == \"x\"'")
            .apply(yaml.replace("claims: { groups: groups }", "claims: { groups: groups, department: dept }")));

    final String reason;
    final String error;
    final String owner;

    @SuppressWarnings("ImmutableEnumChecker") // it holds lambdas of this file only
    private final UnaryOperator<String> policy;

    /** What security shuts for it, as the admin face takes it; empty when it stands in the file. */
    @SuppressWarnings("ImmutableEnumChecker") // Map.of
    final Map<String, String> kill;

    Obstacle(String reason, String error, String owner) {
        this(reason, error, owner, UnaryOperator.identity());
    }

    /** @param owner whom the refusal names; null for none */
    Obstacle(String reason, String error, String owner, UnaryOperator<String> policy) {
        this.reason = reason;
        this.error = error;
        this.owner = owner;
        this.policy = policy;
        this.kill = Map.of();
    }

    Obstacle(String reason, String error, String owner, Map<String, String> kill) {
        this.reason = reason;
        this.error = error;
        this.owner = owner;
        this.policy = UnaryOperator.identity();
        this.kill = kill;
    }

    String into(String yaml) {
        return policy.apply(yaml);
    }

    /** Whether it is decided when nobody knows yet who the user is. */
    boolean needsNoUser() {
        return compareTo(SESSION_UNKNOWN) < 0;
    }

    /** The request to {@code files} in which these stand in the way. */
    static TokenCall ask(TokenCall call, Set<Obstacle> obstacles, String handle, String endedHandle, String files) {
        call.refreshToken(
                obstacles.contains(SESSION_UNKNOWN)
                        ? handle.substring(0, handle.length() - 8) + "AAAAAAAA"
                        : obstacles.contains(SESSION_ENDED) ? endedHandle : handle);
        call.to(obstacles.contains(SERVER_UNKNOWN) ? "https://elsewhere.example/mcp" : files);
        if (obstacles.contains(RESOURCE_MISMATCH)) {
            call.with("audience", "https://elsewhere.example");
        }
        if (obstacles.contains(SCOPE_NOBODY_HAS) || obstacles.contains(SCOPE_OTHERS_HAVE)) {
            call.with("scope", "files.read files.write");
        }
        return call;
    }

    /** Whether both can be true of one request; a server that is not in the file, for one, has no rules. */
    boolean goesWith(Obstacle later) {
        return switch (this) {
            case SERVER_UNKNOWN ->
                EnumSet.of(IDP_DISABLED, SESSION_UNKNOWN, SESSION_ENDED).contains(later);
            case DENIED_TO_ALL -> later != DENIED_TO_GROUP;
            case NO_CONNECTION ->
                EnumSet.of(SESSION_UNKNOWN, SESSION_ENDED, USER_KILLED, DENIED_TO_GROUP)
                        .contains(later);
            case CONNECTION_DISABLED, CONNECTION_EXPIRED, CONNECTION_KILLED, SCOPE_NOBODY_HAS ->
                later != SCOPE_OTHERS_HAVE;
            case SESSION_UNKNOWN -> later != SESSION_ENDED;
            case CONDITION_FALSE -> later != CONDITION_ERROR;
            default -> true;
        };
    }

    static String together(String yaml, Set<Obstacle> obstacles) {
        return Arrays.stream(values()).filter(obstacles::contains).reduce(yaml, (text, o) -> o.into(text), (a, b) -> b);
    }

    /** Puts a key first into the entry that {@code head} opens. */
    private static UnaryOperator<String> edit(String head, String key) {
        return yaml ->
                yaml.replaceFirst("(?m)^( *)" + java.util.regex.Pattern.quote(head), "$1" + head + "$1  " + key + "\n");
    }

    private static UnaryOperator<String> swap(String part, String other) {
        return yaml -> yaml.replace(part, other);
    }

    private static UnaryOperator<String> deny(String id, String users) {
        return yaml -> yaml.replace("deny:\n", """
                deny:
                  - id: %s
                    users: %s
                    servers: [files]
                    reason: "Test"
                """.formatted(id, users));
    }

    private static UnaryOperator<String> connection(String scope, String group) {
        return yaml -> yaml.replace("connections:\n", """
                connections:
                  - id: others
                    clients: [cursor]
                    servers: [files]
                    users: { groups: [%s] }
                    scopes: [%s]
                    owner: storage-team
                """.formatted(group, scope));
    }
}
