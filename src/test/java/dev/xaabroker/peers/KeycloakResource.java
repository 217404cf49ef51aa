package dev.xaabroker.peers;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** Starts Keycloak before the broker, and the broker with a policy that knows Keycloak's two realms. */
public class KeycloakResource implements QuarkusTestResourceLifecycleManager {
    private KeycloakServer keycloak;

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "peers-");
            keycloak = KeycloakServer.start();
            secret(folder, "editor", KeycloakConnectTest.SECRET);
            secret(folder, "editor-at-enterprise", Enterprise.CLIENT_SECRET);
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
