package dev.xaabroker.testing;

import dev.xaabroker.demo.DemoIdentityProvider;
import dev.xaabroker.demo.DemoWorld;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A broker process, the stores behind it and the demo world around it: what every HTTP test stands in. */
public final class BrokerWorld implements AutoCloseable {

    private final DemoWorld demo;
    private final Stores stores;
    private final Path folder;
    private final Map<String, String> config;
    private final int port = BrokerProcess.freePort();
    private final List<BrokerProcess> replicas = new CopyOnWriteArrayList<>();
    private BrokerProcess broker;

    private BrokerWorld(Path folder, Stores stores, UnaryOperator<String> policy, Map<String, String> extra)
            throws Exception {
        this.folder = folder;
        this.stores = stores;
        this.demo = DemoWorld.start(DemoWorld.Ports.ANY, folder.resolve("demo"));
        Path file = folder.resolve("managed-connections.yaml");
        Files.writeString(file, policy.apply(demo.policyYaml()));
        config = new LinkedHashMap<>(stores.config());
        config.put("xaa.policy.file", file.toString());
        config.put("xaa.keys.embedded-file", folder.resolve("keys/keys.json").toString());
        config.put("xaa.embedded.folder", folder.resolve("data").toString());
        config.putAll(extra);
        start();
    }

    /** Embedded mode: H2 and the process's own memory. */
    public static BrokerWorld embedded(UnaryOperator<String> policy, Map<String, String> extra) throws Exception {
        Path folder = temporary();
        return new BrokerWorld(folder, new Stores.Embedded(folder.resolve("data")), policy, extra);
    }

    /** A real Redis and a real PostgreSQL. */
    public static BrokerWorld real(UnaryOperator<String> policy, Map<String, String> extra) throws Exception {
        return new BrokerWorld(temporary(), new Stores.Real(), policy, extra);
    }

    private static Path temporary() throws Exception {
        return Files.createTempDirectory(
                "xaa-it", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    public void start() throws Exception {
        broker = BrokerProcess.start(port, folder, config);
    }

    /** One more replica, on the same stores and keys and under the same issuer. */
    public BrokerProcess replica() throws Exception {
        Map<String, String> shared = new LinkedHashMap<>(config);
        shared.putIfAbsent("xaa.oauth.issuer", issuer());
        BrokerProcess replica = BrokerProcess.start(BrokerProcess.freePort(), folder, shared);
        replicas.add(replica);
        return replica;
    }

    /** Stops it and starts it again with more configuration, which may name what the demo world made. */
    public void restartWith(Map<String, String> more) throws Exception {
        stop();
        config.putAll(more);
        start();
    }

    public Path keyFile() {
        return folder.resolve("keys/keys.json");
    }

    /** Beside the key file. */
    public Path adminTokenFile() {
        return folder.resolve("keys/admin.token");
    }

    public void stop() throws InterruptedException {
        broker.close();
    }

    public DemoWorld demo() {
        return demo;
    }

    public DemoIdentityProvider idp() {
        return demo.identityProvider();
    }

    public Stores stores() {
        return stores;
    }

    public BrokerProcess broker() {
        return broker;
    }

    public Path policyFile() {
        return folder.resolve("managed-connections.yaml");
    }

    /** Replaces the policy in one step, as editors do, and waits until it is in force. */
    public void policy(String yaml) throws Exception {
        if (Files.readString(policyFile()).equals(yaml)) {
            return;
        }
        String before = inForceSince();
        Path draft = Files.writeString(folder.resolve(".managed-connections.draft"), yaml);
        Files.move(draft, policyFile(), StandardCopyOption.ATOMIC_MOVE);
        Instant end = Instant.now().plus(Duration.ofSeconds(20));
        while (inForceSince().equals(before)) {
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException("the policy is not taken: " + ready().asString());
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** Readiness, with what it says of the policy. */
    public Response ready() {
        return get("/q/health/ready");
    }

    private String inForceSince() {
        return String.valueOf(ready().<String>path("checks.find { it.name == 'policy' }.data.since"));
    }

    /** A client of the demo policy with its own way to prove itself. */
    public TokenCall as(String client) {
        return switch (client) {
            case "cursor" -> new TokenCall(this, client).basic("cursor", "cursor-demo-secret");
            case "vscode" -> new TokenCall(this, client).post("vscode", "vscode-demo-secret");
            case "claude-code" -> new TokenCall(this, client).assertion(demo.claudeCodeKey());
            default -> throw new IllegalArgumentException(client);
        };
    }

    public String issuer() {
        return broker.url("");
    }

    public Response get(String path) {
        return RestAssured.given().redirects().follow(false).get(broker.url(path));
    }

    /** The ledger's rows of one request, oldest first, as text by column. */
    public List<Map<String, String>> ledger(String requestId) throws SQLException {
        try (Connection sql = stores.sql();
                PreparedStatement query =
                        sql.prepareStatement("select * from ledger_entry where request_id = ? order by id")) {
            query.setString(1, requestId);
            return rows(query.executeQuery());
        }
    }

    /** Rows as text by column. */
    public static List<Map<String, String>> rows(ResultSet found) throws SQLException {
        List<Map<String, String>> rows = new ArrayList<>();
        while (found.next()) {
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                row.put(found.getMetaData().getColumnLabel(i), found.getString(i));
            }
            rows.add(row);
        }
        return rows;
    }

    @Override
    public void close() throws Exception {
        broker.close();
        for (BrokerProcess replica : replicas) {
            replica.close();
        }
        demo.close();
        stores.close();
    }
}
