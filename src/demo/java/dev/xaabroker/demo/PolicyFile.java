package dev.xaabroker.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The managed-connections file of the demo world, with the keys and secrets it refers to, each in a file of mode 0600. All
 * three client authentications occur in each of the three places: at the broker, at the identity provider, at a RAS.
 */
final class PolicyFile {

    static final String CURSOR_SECRET = "cursor-demo-secret";
    static final String VSCODE_SECRET = "vscode-demo-secret";
    static final String CURSOR_IDP_SECRET = "cursor-at-idp-demo-secret";
    static final String VSCODE_IDP_SECRET = "vscode-at-idp-demo-secret";
    /** With characters that Basic authentication must escape (RFC 6749 s2.3.1). */
    static final String WIKI_SECRET = "wiki: 100% + demo secret";

    static final String VSCODE_WIKI_SECRET = "vscode-at-wiki-demo-secret";

    private final Path path;
    private final String yaml;
    private final DemoKey claudeCode;

    private PolicyFile(Path path, String yaml, DemoKey claudeCode) {
        this.path = path;
        this.yaml = yaml;
        this.claudeCode = claudeCode;
    }

    static PolicyFile write(Path file, DemoWorld world) throws IOException {
        Path secrets = Files.createDirectories(file.resolveSibling("secrets"));
        DemoKey claudeCode = key(secrets.resolve("claude-code.pem"));
        DemoKey claudeAtIdp = key(secrets.resolve("claude-at-idp.pem"));
        DemoKey atFiles = key(secrets.resolve("files.pem"));
        secret(secrets.resolve("claude-code.jwks"), claudeCode.publicJwks());
        secret(secrets.resolve("cursor"), CURSOR_SECRET);
        secret(secrets.resolve("vscode"), VSCODE_SECRET);
        secret(secrets.resolve("cursor-at-idp"), CURSOR_IDP_SECRET);
        secret(secrets.resolve("vscode-at-idp"), VSCODE_IDP_SECRET);
        secret(secrets.resolve("wiki"), WIKI_SECRET);
        secret(secrets.resolve("vscode-at-wiki"), VSCODE_WIKI_SECRET);
        register(world, claudeAtIdp, atFiles);
        String yaml = yaml(world, secrets);
        Path whole = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), yaml);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        return new PolicyFile(file, yaml, claudeCode);
    }

    private static void register(DemoWorld world, DemoKey claudeAtIdp, DemoKey atFiles) {
        DemoIdentityProvider idp = world.identityProvider();
        idp.register(RegisteredClient.basic("cursor-at-idp", CURSOR_IDP_SECRET));
        idp.register(RegisteredClient.post("vscode-at-idp", VSCODE_IDP_SECRET));
        idp.register(RegisteredClient.privateKeyJwt("claude-at-idp", claudeAtIdp.publicJwks()));
        world.files().register(RegisteredClient.privateKeyJwt("acme-broker", atFiles.publicJwks()));
        world.wiki().register(RegisteredClient.basic("acme broker:wiki", WIKI_SECRET));
        world.wiki().register(RegisteredClient.post("vscode-at-wiki", VSCODE_WIKI_SECRET));
        for (String client : new String[] {"cursor-at-idp", "vscode-at-idp", "claude-at-idp"}) {
            world.entitle(client, world.files(), "acme-broker", "files.read", "files.write");
            boolean own = client.equals("vscode-at-idp");
            world.entitle(client, world.wiki(), own ? "vscode-at-wiki" : "acme broker:wiki", "wiki.read", "wiki.write");
        }
    }

    private static DemoKey key(Path file) throws IOException {
        if (Files.exists(file)) {
            return DemoKey.fromPem(Files.readString(file));
        }
        DemoKey key = DemoKey.generate();
        secret(file, key.privatePem());
        return key;
    }

    private static void secret(Path file, String content) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, content);
    }

    private static String yaml(DemoWorld world, Path secrets) {
        return """
                apiVersion: xaa/v1
                kind: ManagedConnections
                metadata: { tenant: acme, owner: it-identity@acme.example }

                identityProviders:
                  corp:
                    issuer: IDP
                    profile: id-jag
                    recheck: 60s
                    network: private
                    claims: { groups: groups }

                clients:
                  cursor:
                    owner: dev-tools
                    auth: { method: client_secret_basic, secret: "file:SECRETS/cursor" }
                    idp: { provider: corp, clientId: cursor-at-idp, method: client_secret_basic, secret: "file:SECRETS/cursor-at-idp" }
                  vscode:
                    owner: dev-tools
                    auth: { method: client_secret_post, secret: "file:SECRETS/vscode" }
                    idp: { provider: corp, clientId: vscode-at-idp, method: client_secret_post, secret: "file:SECRETS/vscode-at-idp" }
                  claude-code:
                    owner: dev-tools
                    auth: { method: private_key_jwt, jwks: "file:SECRETS/claude-code.jwks" }
                    idp: { provider: corp, clientId: claude-at-idp, method: private_key_jwt, key: "file:SECRETS/claude-at-idp.pem" }

                servers:
                  files:
                    resource: FILES_RESOURCE
                    aliases: [FILES_RESOURCE/]
                    audience: FILES_ISSUER
                    network: private
                    owner: storage-team
                    tier: confidential
                    scopes: [files.read, files.write]
                    auth: { method: private_key_jwt, clientId: acme-broker, key: "file:SECRETS/files.pem" }
                  wiki:
                    resource: WIKI_RESOURCE
                    audience: WIKI_ISSUER
                    network: private
                    owner: knowledge-team
                    tier: internal
                    scopes: [wiki.read, wiki.write]
                    auth: { method: client_secret_basic, clientId: "acme broker:wiki", secret: "file:SECRETS/wiki" }
                    authFor:
                      vscode: { method: client_secret_post, clientId: vscode-at-wiki, secret: "file:SECRETS/vscode-at-wiki" }

                clientGroups:
                  coding-tools: [cursor, vscode, claude-code]
                serverGroups: {}

                connections:
                  - id: engineering-files
                    clients: [coding-tools]
                    servers: [files]
                    users: { groups: [engineering] }
                    scopes: [files.read]
                    owner: storage-team
                    reason: "Engineers read the shared files from their editors (CHG-1001)"
                  - id: everyone-wiki
                    clients: [coding-tools]
                    servers: [wiki]
                    users: any
                    scopes: [wiki.read, wiki.write]
                    tokenTtl: 2m
                    owner: knowledge-team
                    reason: "The wiki is open to all of us (CHG-1002)"

                deny:
                  - id: sales-does-not-write
                    users: { groups: [sales] }
                    servers: [wiki]
                    scopes: [wiki.write]
                    reason: "Pages are written by those who maintain them (CHG-1003)"
                """.replace("IDP\n", world.identityProvider().issuer() + "\n")
                .replace("FILES_RESOURCE", world.files().resource())
                .replace("FILES_ISSUER", world.files().issuer())
                .replace("WIKI_RESOURCE", world.wiki().resource())
                .replace("WIKI_ISSUER", world.wiki().issuer())
                .replace("SECRETS", secrets.toString());
    }

    Path path() {
        return path;
    }

    String yaml() {
        return yaml;
    }

    DemoKey claudeCode() {
        return claudeCode;
    }
}
