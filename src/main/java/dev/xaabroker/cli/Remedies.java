package dev.xaabroker.cli;

/** What to do about a refusal, by its reason code. */
final class Remedies {

    private Remedies() {}

    static String of(String reason) {
        return switch (reason.replaceFirst(":.*", "")) {
            case "client-unknown" -> "check the client id and its secret or key against `clients` in the file";
            case "client-disabled", "server-disabled", "idp-disabled", "connection-disabled" ->
                "it is switched off in the file: ask its owner";
            case "client-killed", "server-killed", "user-killed", "connection-killed" ->
                "security has cut it off: ask them";
            case "server-unknown" -> "use the exact `resource` or an alias of a server in the file; see policy suggest";
            case "resource-mismatch" -> "leave `audience` out, or send the server's own";
            case "denied-by-rule" -> "a deny rule forbids it: ask its owner";
            case "no-connection" -> "ask for a connection between this client and this server";
            case "connection-expired" -> "ask the connection's owner to renew it";
            case "user-not-in-group" -> "ask the owner which group it takes; policy explain shows the steps";
            case "scope-not-allowed" -> "ask for fewer scopes, or none to get all that is allowed";
            case "assurance-too-low" -> "log in again at the identity provider, with what is needed";
            case "condition-false", "condition-error" -> "a condition of the connection does not hold: ask its owner";
            case "session-unknown", "session-ended" -> "log in again at the identity provider and use the new token";
            case "policy-unavailable" -> "the broker has no valid file: see its log and its health";
            case "rate-limited" -> "wait a moment and try again";
            case "long-token-refused" -> "set longTokens at the server's entry, or shorten its tokens";
            default ->
                reason.startsWith("idp-") || reason.startsWith("ras-")
                        ? "the ledger's line of this request says what the peer answered"
                        : "look the request id up in the broker's log and ledger";
        };
    }
}
