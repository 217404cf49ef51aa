package dev.xaabroker.peers;

import dev.xaabroker.peers.Http.Answer;
import java.util.List;
import java.util.Map;

/** The realm {@code mcp}: the authorization server that guards an MCP server. */
final class McpRealm {
    /** The broker's registration at it. */
    static final String BROKER = "broker-at-mcp";

    static final String BROKER_SECRET = "broker-at-mcp-secret";

    private final KeycloakServer keycloak;

    McpRealm(KeycloakServer keycloak) {
        this.keycloak = keycloak;
    }

    String issuer() {
        return keycloak.issuer("mcp");
    }

    /** Redeems an assertion (RFC 7523 s2.1), as the broker. */
    Answer redeem(String assertion) {
        return Http.post(
                keycloak.tokenEndpoint("mcp"),
                BROKER,
                BROKER_SECRET,
                Map.of(
                        "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer",
                        "assertion", assertion,
                        "resource", "https://files.peers.example/mcp",
                        "scope", "files.read"));
    }

    /** Asks about an access token as the MCP server does (RFC 7662). */
    Answer introspect(String accessToken) {
        return Http.post(
                keycloak.tokenEndpoint("mcp") + "/introspect",
                "mcp-server",
                "mcp-server-secret",
                Map.of("token", accessToken));
    }

    /** Everything that has reached it so far. */
    List<String> requests() {
        return keycloak.requestsTo("mcp");
    }
}
