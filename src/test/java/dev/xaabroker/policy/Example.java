package dev.xaabroker.policy;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.User;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A small file that loads, pieces of it to exchange, and questions to ask it. */
final class Example {

    static final Instant NOW = Instant.parse("2026-09-01T10:00:00Z");
    static final String SECRET = "s3cr3t-canary-value";

    static final String FILE = """
            apiVersion: xaa/v1
            kind: ManagedConnections
            metadata: { tenant: acme, owner: it@acme.example }
            identityProviders:
              corp:
                issuer: https://idp.acme.example
                profile: id-jag
                claims: { groups: groups }
            clients:
              cursor:
                owner: dev-tools
                auth: { method: client_secret_basic, secret: env:SECRET }
                idp: { provider: corp, clientId: cursor-idp, method: client_secret_basic, secret: env:SECRET }
              claude:
                owner: dev-tools
                auth: { method: client_secret_post, secret: env:SECRET }
                idp: { provider: corp, clientId: claude-idp, method: client_secret_post, secret: env:SECRET }
            servers:
              figma:
                resource: https://mcp.figma.example/mcp
                aliases: [https://mcp.figma.example/mcp/]
                audience: https://auth.figma.example
                owner: design-ops
                scopes: [read, write, admin]
                auth: { method: client_secret_basic, clientId: broker, secret: env:SECRET }
              plain:
                resource: https://mcp.plain.example/
                audience: https://auth.plain.example
                scopes: []
                auth: { method: client_secret_basic, clientId: broker, secret: env:SECRET }
            clientGroups:
              tools: [cursor, claude]
            connections:
              - id: eng
                clients: [tools]
                servers: [figma]
                users: { groups: [engineering] }
                scopes: [read]
                owner: eng-owner
            """;

    static final String FIGMA = "https://mcp.figma.example/mcp";
    static final String PLAIN = "https://mcp.plain.example/";

    private Example() {}

    static Policy load(String text) {
        return load(text, Path.of("/nowhere"));
    }

    static Policy load(String text, Path directory) {
        return PolicyReader.serving(Example::environment, false).read("policy.yaml", text, directory);
    }

    static Policy read(Path fileOrDirectory) {
        return PolicyReader.serving(Example::environment, false).read(fileOrDirectory);
    }

    static String environment(String name) {
        return name.endsWith("SECRET") ? SECRET : "";
    }

    /** {@link #FILE} with other rules: what stands from {@code connections:} on. */
    static Policy withRules(String rules) {
        return load(FILE.substring(0, FILE.indexOf("connections:")) + rules);
    }

    /** {@link #FILE} with {@code part}, which must be in it once, exchanged. */
    static Policy with(String part, String replacement) {
        return load(exchange(part, replacement));
    }

    static String exchange(String part, String replacement) {
        int at = FILE.indexOf(part);
        if (at < 0 || FILE.indexOf(part, at + 1) >= 0) {
            throw new IllegalArgumentException("must stand in the example once: " + part);
        }
        return FILE.replace(part, replacement);
    }

    static Policy.Query ask(Policy policy, String client, String resource, String... scopes) {
        Client known = policy.client(client).orElseThrow();
        Optional<Scopes> asked = scopes.length == 0 ? Optional.empty() : Optional.of(Scopes.of(scopes));
        return new Policy.Query(known, resource, Optional.empty(), asked, NOW);
    }

    static Identity user(String... groups) {
        return login(null, null, groups);
    }

    static Identity login(@Nullable String acr, @Nullable Instant authTime, String... groups) {
        return new Identity(new User("u"), null, Set.of(groups), Map.of(), acr, authTime);
    }

    static String reason(Decision decision) {
        return switch (decision) {
            case Decision.Allowed allowed -> "allowed:" + String.join(",", allowed.connections());
            case Decision.Refused(Failure failure, List<String> notes) -> failure.reason();
        };
    }

    static Failure.Denied denied(Decision decision) {
        return (Failure.Denied) ((Decision.Refused) decision).failure();
    }

    static Decision.Allowed allowed(Decision decision) {
        return (Decision.Allowed) decision;
    }

    /** Writes the key files that the samples name into {@code directory}. */
    static void writeKeys(Path directory) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            Files.createDirectories(directory);
            for (String name : List.of("cursor-at-idp.pem", "figma.pem")) {
                Files.writeString(directory.resolve(name), pem(generator.generateKeyPair()));
            }
            Files.writeString(directory.resolve("cursor.jwks"), jwks(generator.generateKeyPair()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(KeyPair pair) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    private static String jwks(KeyPair pair) {
        RSAPublicKey key = (RSAPublicKey) pair.getPublic();
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        byte[] modulus = key.getModulus().toByteArray();
        byte[] unsigned = modulus[0] == 0 ? java.util.Arrays.copyOfRange(modulus, 1, modulus.length) : modulus;
        return "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"1\",\"n\":\"" + encoder.encodeToString(unsigned) + "\",\"e\":\""
                + encoder.encodeToString(key.getPublicExponent().toByteArray()) + "\"}]}";
    }
}
