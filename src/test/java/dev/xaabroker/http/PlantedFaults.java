package dev.xaabroker.http;

import dev.xaabroker.demo.DemoAuthorizationServer;
import dev.xaabroker.demo.DemoKey;
import dev.xaabroker.demo.DemoWorld;
import dev.xaabroker.demo.Entitlement;
import dev.xaabroker.demo.Fault;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.testing.BrokerProcess;
import dev.xaabroker.testing.Stores;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What can be wrong around a broker, one thing at a time. */
final class PlantedFaults {

    private PlantedFaults() {}

    /**
     * Where faults grow.
     *
     * @param policy the text of the managed-connections file
     * @param folder to write into
     */
    record Bed(DemoWorld demo, Stores.Real stores, String policy, Path keyFile, Path folder) {

        /** The policy with {@code part} replaced, as the broker's file. */
        Grown policy(String part, String replacement) throws IOException {
            if (!policy.contains(part)) {
                throw new IllegalStateException("the demo policy has no " + part);
            }
            Path file = Files.createTempFile(folder, "policy", ".yaml");
            Files.writeString(file, policy.replace(part, replacement));
            return () -> Map.of("XAA_POLICY_FILE", file.toString());
        }

        /** A reference to a file of this content. */
        String file(String content) throws IOException {
            return "\"file:" + Files.writeString(Files.createTempFile(folder, "secret", ""), content) + "\"";
        }

        void sql(String statement) throws SQLException {
            try (Connection sql = stores.sql();
                    Statement run = sql.createStatement()) {
                run.executeUpdate(statement);
            }
        }
    }

    /** A fault that is there, until it is closed; and the environment in which to look for it. */
    interface Grown extends AutoCloseable {

        Map<String, String> environment();

        @Override
        default void close() throws Exception {}
    }

    interface Plant {
        Grown in(Bed bed) throws Exception;
    }

    /**
     * @param faults how many are to be found, all of which begin with {@code where} and hold all of the {@code words}
     */
    record Planted(String name, int faults, String where, List<String> words, Plant plant) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Planted planted(String name, String where, List<String> words, Plant plant) {
        return new Planted(name, 1, where, words, plant);
    }

    static Stream<Planted> all() {
        return Stream.of(atIdentityProviders(), atServers(), around()).flatMap(each -> each);
    }

    private static Grown here() {
        return Map::of;
    }

    private static Fault.Answer json(String body) {
        return new Fault.Answer(200, Map.of("Content-Type", "application/json"), body);
    }

    private static Stream<Planted> atIdentityProviders() {
        return Stream.of(
                planted(
                        "the IdP's issuer has a slash more",
                        "identity provider corp: issuer",
                        List.of("a slash at the end", "write it as they do", "at identityProviders.corp"),
                        bed -> {
                            var idp = bed.demo().identityProvider();
                            idp.behaviour.metadataIssuer = idp.issuer() + "/";
                            return here();
                        }),
                planted(
                        "the IdP is away",
                        "identity provider corp: metadata",
                        List.of("no connection", "see that it runs and can be reached"),
                        bed -> bed.policy(
                                "issuer: " + bed.demo().identityProvider().issuer(),
                                "issuer: http://127.0.0.1:" + BrokerProcess.freePort())),
                planted(
                        "the IdP's keys are away",
                        "identity provider corp: keys",
                        List.of("answered 404", "must answer 200 with a JWK Set"),
                        bed -> {
                            bed.demo().identityProvider().faults().always("jwks", new Fault.Answer(404, Map.of(), ""));
                            return here();
                        }),
                planted(
                        "the IdP's keys cannot verify anything",
                        "identity provider corp: keys",
                        List.of("holds no key that can verify", "publish a key of a kind"),
                        bed -> {
                            bed.demo().identityProvider().faults().always("jwks", json("{\"keys\":[]}"));
                            return here();
                        }),
                planted(
                        "the IdP issues no ID-JAGs",
                        "identity provider corp: ID-JAG",
                        List.of("does not list ID-JAGs", "Cross-App Access switched on", "another profile"),
                        bed -> {
                            var idp = bed.demo().identityProvider();
                            idp.faults().always("metadata", json("""
                                    {"issuer":"%s","token_endpoint":"%s","jwks_uri":"%s","revocation_endpoint":"%s/oauth2/revoke",
                                    "token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","private_key_jwt"],
                                    "identity_chaining_requested_token_types_supported":["urn:ietf:params:oauth:token-type:jwt"]}
                                    """.formatted(
                                            idp.issuer(), idp.tokenEndpoint(), idp.jwksUri(), idp.issuer())));
                            return here();
                        }),
                planted(
                        "a wrong client secret at the IdP",
                        "identity provider corp: client cursor",
                        List.of("invalid_client", "clients.cursor.idp", "secret"),
                        bed -> bed.policy(reference(bed, "cursor-at-idp"), bed.file("another secret"))),
                new Planted(
                        "the IdP's token endpoint fails",
                        3,
                        "identity provider corp: client",
                        List.of("answered 500", "its owner must mend it"),
                        bed -> {
                            bed.demo()
                                    .identityProvider()
                                    .faults()
                                    .always("refresh", new Fault.Answer(500, Map.of(), ""));
                            return here();
                        }),
                planted(
                        "the IdP does not let a client have the scopes of a server",
                        "identity provider corp: leg 1 cursor to files",
                        List.of("invalid_scope", "let client id cursor-at-idp ask for files.read"),
                        bed -> entitled(bed, "files.other")));
    }

    private static Grown entitled(Bed bed, String scope) {
        entitle(bed, scope);
        return new Grown() {
            @Override
            public Map<String, String> environment() {
                return Map.of();
            }

            @Override
            public void close() {
                entitle(bed, "files.read", "files.write");
            }
        };
    }

    private static void entitle(Bed bed, String... scopes) {
        DemoAuthorizationServer files = bed.demo().files();
        bed.demo()
                .identityProvider()
                .entitle(new Entitlement(
                        "cursor-at-idp", files.issuer(), "acme-broker", Set.of(files.resource()), Set.of(scopes)));
    }

    /** The reference to a secret of the demo world, as the policy writes it. */
    private static String reference(Bed bed, String name) {
        String policy = bed.policy();
        int end = policy.indexOf("/secrets/" + name + "\"") + ("/secrets/" + name + "\"").length();
        return policy.substring(policy.lastIndexOf("\"file:", end), end);
    }

    private static Stream<Planted> atServers() {
        return Stream.of(
                planted(
                        "a wrong client secret at the authorization server",
                        "server wiki: client acme broker:wiki",
                        List.of("invalid_client", "servers.wiki.auth", "secret"),
                        bed -> bed.policy(reference(bed, "wiki"), bed.file("another secret"))),
                planted(
                        "a key that the authorization server does not know",
                        "server files: client acme-broker",
                        List.of("invalid_client", "/oauth2/jwks", "registered there for clientId acme-broker"),
                        bed -> bed.policy(
                                reference(bed, "files.pem"),
                                bed.file(DemoKey.generate().privatePem()))),
                planted(
                        "the server calls itself differently",
                        "server files: resource",
                        List.of("it calls itself", "write resource: ", "at servers.files"),
                        bed -> resourceMetadata(
                                bed,
                                bed.demo().files().resource() + "/v2",
                                bed.demo().files().issuer())),
                planted(
                        "the server names another authorization server",
                        "server files: authorization server",
                        List.of(
                                "names https://elsewhere.example",
                                "the file pins",
                                "audience: https://elsewhere.example"),
                        bed -> resourceMetadata(bed, bed.demo().files().resource(), "https://elsewhere.example")),
                planted(
                        "somebody answers in the authorization server's name",
                        "server files: issuer",
                        List.of("its metadata says https://honest.example", "nothing is sent there"),
                        bed -> {
                            bed.demo().files().behaviour.metadataIssuer = "https://honest.example";
                            return here();
                        }),
                planted(
                        "the authorization server lists no grant for ID-JAGs",
                        "server files: ID-JAG",
                        List.of("neither the id-jag profile nor the jwt-bearer grant", "assumeCapable: true"),
                        bed -> {
                            bed.demo().files().behaviour.listsProfile = false;
                            bed.demo().files().behaviour.grantTypes = List.of("authorization_code");
                            return here();
                        }),
                planted(
                        "the token endpoint is on another origin",
                        "server files: token endpoint",
                        List.of("not on the issuer's origin", "tokenEndpointOrigins: [http://127.0.0.1:9]"),
                        bed -> {
                            bed.demo().files().behaviour.metadataTokenEndpoint = "http://127.0.0.1:9/token";
                            return here();
                        }),
                planted(
                        "tokens are to be revoked where there is no revocation endpoint",
                        "server files: revocation",
                        List.of("longTokens: revoke needs one", "RFC 7009"),
                        bed -> {
                            bed.demo().files().behaviour.listsRevocation = false;
                            return bed.policy(
                                    "    tier: confidential\n", "    tier: confidential\n    longTokens: revoke\n");
                        }),
                planted(
                        "the authorization server's clock is ten minutes behind",
                        "server wiki: clock",
                        List.of(" s behind ours", "NTP", "xaa.keys.clock-skew"),
                        PlantedFaults::behind));
    }

    private static Grown resourceMetadata(Bed bed, String resource, String issuer) {
        bed.demo().files().faults().always("resource-metadata", json("""
                {"resource":"%s","authorization_servers":["%s"]}""".formatted(resource, issuer)));
        return here();
    }

    static void scopesListed(DemoAuthorizationServer server, String... scopes) {
        String listed = Stream.of(scopes).map(scope -> '"' + scope + '"').collect(Collectors.joining(","));
        server.faults().always("metadata", json("""
                {"issuer":"%s","token_endpoint":"%s","grant_types_supported":["urn:ietf:params:oauth:grant-type:jwt-bearer"],
                "authorization_grant_profiles_supported":["urn:ietf:params:oauth:grant-profile:id-jag"],
                "token_endpoint_auth_methods_supported":["private_key_jwt"],"scopes_supported":[%s]}
                """.formatted(server.issuer(), server.tokenEndpoint(), listed)));
    }

    /** Stands between the doctor and the wiki's authorization server, whose metadata and tokens it gives out, late. */
    private static Grown behind(Bed bed) throws IOException {
        DemoAuthorizationServer wiki = bed.demo().wiki();
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        String issuer = "http://127.0.0.1:" + server.getLocalPort();
        String metadata = """
                {"issuer":"%s","token_endpoint":"%s/token","authorization_grant_profiles_supported":["urn:ietf:params:oauth:grant-profile:id-jag"],
                "token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"]}
                """.formatted(issuer, issuer);
        Thread.ofVirtual().start(() -> serve(server, metadata));
        wiki.faults().always("resource-metadata", json("""
                {"resource":"%s","authorization_servers":["%s"]}""".formatted(wiki.resource(), issuer)));
        for (String client : List.of("cursor-at-idp", "vscode-at-idp", "claude-at-idp")) {
            bed.demo()
                    .identityProvider()
                    .entitle(new Entitlement(
                            client, issuer, "acme", Set.of(wiki.resource()), Set.of("wiki.read", "wiki.write")));
        }
        Grown policy = bed.policy("audience: " + wiki.issuer(), "audience: " + issuer);
        return new Grown() {
            @Override
            public Map<String, String> environment() {
                return policy.environment();
            }

            @Override
            public void close() throws IOException {
                server.close();
            }
        };
    }

    private static void serve(ServerSocket server, String metadata) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).minusMinutes(10));
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                byte[] request = new byte[64 * 1024];
                int read = socket.getInputStream().read(request);
                boolean get = read > 3 && request[0] == 'G';
                String body = get ? metadata : "{\"error\":\"invalid_grant\"}";
                socket.getOutputStream()
                        .write(("HTTP/1.1 " + (get ? "200 OK" : "400 Bad Request") + "\r\nDate: " + date
                                        + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                                        + body.length() + "\r\n\r\n" + body)
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException gone) {
                // The next one, or the end.
            }
        }
    }

    private static Stream<Planted> around() {
        return Stream.of(
                planted(
                        "a key file that is not there",
                        "file ",
                        List.of("secrets", "no-such.pem does not exist", "create it, or correct the path"),
                        bed -> bed.policy(reference(bed, "files.pem"), "\"file:no-such.pem\"")),
                planted(
                        "a variable that is not set",
                        "file ",
                        List.of("secrets", "env:XAA_IT_NOT_SET is not set", "set it where the broker runs"),
                        bed -> bed.policy(reference(bed, "cursor-at-idp"), "\"env:XAA_IT_NOT_SET\"")),
                planted(
                        "a mistake in the file",
                        "file ",
                        List.of("policy", "unknown key `tierr`", "mend the file"),
                        bed -> bed.policy("    tier: confidential\n", "    tierr: confidential\n")),
                planted(
                        "the broker's issuer is plain http",
                        "broker: issuer",
                        List.of("is not https", "set xaa.oauth.issuer to the https address"),
                        bed -> () -> Map.of("XAA_OAUTH_ISSUER", "http://broker.example")),
                planted(
                        "two replicas without a Redis",
                        "broker: replicas",
                        List.of("xaa.replicas=2", "quarkus.redis.hosts"),
                        bed -> () -> Map.of("XAA_REPLICAS", "2", "QUARKUS_REDIS_HOSTS", "")),
                planted(
                        "the key file is open to others",
                        "broker: key ring",
                        List.of("open to others", "chmod 600"),
                        bed -> open(Files.copy(bed.keyFile(), bed.folder().resolve("open.json")))),
                planted(
                        "the key file of another database",
                        "database: keys of the database",
                        List.of("another key ring", "xaa.keys.file"),
                        bed -> {
                            Path other = Files.writeString(bed.folder().resolve("other.json"), KeyRing.generate());
                            Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-------"));
                            return () -> Map.of("XAA_KEYS_FILE", other.toString());
                        }),
                planted(
                        "PostgreSQL is away",
                        "database: database",
                        List.of("does not answer", "quarkus.datasource.jdbc.url"),
                        bed -> () -> Map.of(
                                "QUARKUS_DATASOURCE_JDBC_URL",
                                "jdbc:postgresql://127.0.0.1:" + BrokerProcess.freePort()
                                        + "/xaa?password=postgres:postgres")),
                planted(
                        "PostgreSQL does not know the user",
                        "database: database",
                        List.of("refuses us, SQL state 28", "quarkus.datasource.username"),
                        bed -> () -> Map.of(
                                "QUARKUS_DATASOURCE_JDBC_URL",
                                bed.stores().postgres().getJdbcUrl("nobody", "postgres"))),
                planted(
                        "the schema is old",
                        "database: schema",
                        List.of("it stands at V", "start one broker of this version"),
                        PlantedFaults::oldSchema),
                planted(
                        "Redis is away",
                        "state: Redis",
                        List.of("does not answer", "quarkus.redis.hosts"),
                        bed -> () -> Map.of("QUARKUS_REDIS_HOSTS", "redis://127.0.0.1:" + BrokerProcess.freePort())),
                planted(
                        "Redis drops entries by itself",
                        "state: maxmemory-policy",
                        List.of("may drop entries", "noeviction"),
                        PlantedFaults::evicting));
    }

    private static Grown open(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return () -> Map.of("XAA_KEYS_FILE", file.toString());
    }

    private static Grown oldSchema(Bed bed) throws SQLException {
        bed.sql("update flyway_schema_history set success = false where installed_rank ="
                + " (select max(installed_rank) from flyway_schema_history)");
        return new Grown() {
            @Override
            public Map<String, String> environment() {
                return Map.of();
            }

            @Override
            public void close() throws SQLException {
                bed.sql("update flyway_schema_history set success = true");
            }
        };
    }

    private static Grown evicting(Bed bed) throws IOException {
        bed.stores().redis("CONFIG SET maxmemory-policy allkeys-lru");
        return new Grown() {
            @Override
            public Map<String, String> environment() {
                return Map.of();
            }

            @Override
            public void close() throws IOException {
                bed.stores().redis("CONFIG SET maxmemory-policy noeviction");
            }
        };
    }
}
