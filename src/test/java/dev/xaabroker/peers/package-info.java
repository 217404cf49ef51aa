/**
 * Ring 3: the broker against peers that nobody here wrote, run with {@code ./mvnw verify -Ppeers}. {@link
 * dev.xaabroker.peers.KeycloakServer} is a stock Keycloak with two realms: {@code enterprise}, where users log in, and
 * {@code mcp}, the authorization server of an MCP server. {@link dev.xaabroker.peers.KeycloakFactsTest} holds what we
 * rely on of Keycloak alone; when it fails, look there before looking at the broker. {@link
 * dev.xaabroker.peers.EndAtKeycloak} lists what ends a login there.
 */
package dev.xaabroker.peers;
