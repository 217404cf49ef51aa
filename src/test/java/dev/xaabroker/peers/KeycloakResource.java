package dev.xaabroker.peers;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Starts Keycloak before the broker, and the broker with a policy that knows Keycloak's two realms. With the argument {@link
 * #SHARED_SIGNALS} Keycloak has its experimental feature {@code ssf}, and the broker polls it in place of waiting for logout
 * tokens.
 */
public class KeycloakResource implements QuarkusTestResourceLifecycleManager {
    static final String SHARED_SIGNALS = "shared-signals";

    private static final String BY_LOGOUT_TOKEN = """
                recheck: 3s
                signals: [backchannel-logout]
            """;

    private static final String BY_SHARED_SIGNALS = """
                recheck: 60s
                signals: [ssf]
                ssf:
                  delivery: poll
                  pollEvery: 1s
                  audience: https://broker.peers.example
                  auth: { method: client_secret_basic, clientId: broker-at-enterprise, secret: file:broker-at-enterprise.secret }
            """;

    private KeycloakServer keycloak;
    private boolean sharedSignals;

    @Override
    public void init(Map<String, String> arguments) {
        sharedSignals = arguments.containsKey(SHARED_SIGNALS);
    }

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "peers-");
            keycloak = sharedSignals ? KeycloakServer.start("--features=ssf") : KeycloakServer.start();
            secret(folder, "editor", Editor.SECRET);
            secret(folder, "editor-at-enterprise", Enterprise.CLIENT_SECRET);
            secret(folder, "broker-at-enterprise", "broker-at-enterprise-secret");
            secret(folder, "broker-at-mcp", McpRealm.BROKER_SECRET);
            return Map.of(
                    "xaa.oauth.issuer",
                    "https://broker.peers.example",
                    "xaa.policy.file",
                    policy(folder).toString(),
                    "xaa.policy.allow-http-on-loopback",
                    "true",
                    "xaa.outbound.development",
                    "true",
                    // A realm's not-before, again and again, is what the breaker is there for.
                    "xaa.broker.mass-logout-threshold",
                    "1000",
                    "xaa.keys.embedded-file",
                    folder.resolve("keys.json").toString(),
                    "xaa.embedded.folder",
                    folder.resolve("data").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path policy(Path folder) throws IOException {
        String text = Files.readString(Path.of("src/test/resources/keycloak/managed-connections.yaml"));
        if (!text.contains(BY_LOGOUT_TOKEN)) {
            throw new IllegalStateException("managed-connections.yaml says no more how signals come");
        }
        text = sharedSignals ? text.replace(BY_LOGOUT_TOKEN, BY_SHARED_SIGNALS) : text;
        return Files.writeString(folder.resolve("managed-connections.yaml"), text.replace("${base}", keycloak.base()));
    }

    private static void secret(Path folder, String name, String value) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".secret"), value);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(keycloak, new TestInjector.MatchesType(KeycloakServer.class));
    }

    @Override
    public void stop() {
        if (keycloak != null) {
            keycloak.close();
        }
    }
}
