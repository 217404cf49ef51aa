package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.JwtFlaw;
import dev.xaabroker.demo.RecordedRequest;
import dev.xaabroker.demo.Tokens;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Stores;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing that opens a door lies in a store, on the way to Redis, in the log or in an error answer. */
class LeaksIT {

    private final Set<String> canaries = new LinkedHashSet<>();
    private final StringBuilder errors = new StringBuilder();

    @Test
    @Rules({"F3", "F7", "K5", "G7"})
    void noTokenSecretOrEmailIsLeftAnywhere() throws Exception {
        try (BrokerWorld world = BrokerWorld.real(
                        UnaryOperator.identity(),
                        Map.of(
                                "quarkus.log.level", "DEBUG",
                                "xaa.broker.mass-logout-threshold", "1000000",
                                "xaa.oauth.requests-per-client-per-minute", "1000000",
                                "xaa.oauth.requests-per-source-per-minute", "1000000"));
                Socket monitor = monitor(world)) {
            ByteArrayOutputStream seen = new ByteArrayOutputStream();
            Thread tap = Thread.ofVirtual().start(() -> copy(monitor, seen));

            visit(world, "cursor", "cursor-at-idp", DemoUser.ALICE);
            visit(world, "vscode", "vscode-at-idp", DemoUser.BOB);
            visit(world, "claude-code", "claude-at-idp", DemoUser.ALICE);
            brokenRecords(world);
            refusals(world);
            aHeapOfErrors(world);

            remember(world);
            rememberKeys(world);
            String everything =
                    text(seen.toByteArray()) + dump(world) + world.broker().log() + errors;
            assertThat(text(seen.toByteArray()))
                    .as("MONITOR saw the cache at work")
                    .contains("tok:");
            assertThat(canaries).hasSizeGreaterThan(40);
            Set<String> leaks = new LinkedHashSet<>();
            for (String canary : canaries) {
                places(everything, canary).forEach(leaks::add);
            }
            assertThat(leaks).isEmpty();
            monitor.close();
            tap.join();
        }
    }

    /** The lines that hold a secret, without it. */
    private static Stream<String> places(String everything, String canary) {
        return everything.contains(canary)
                ? everything
                        .lines()
                        .filter(line -> line.contains(canary))
                        .map(line ->
                                line.replace(canary, "<" + canary.substring(0, Math.min(8, canary.length())) + "…>"))
                        .map(line -> line.substring(0, Math.min(200, line.length())))
                : Stream.empty();
    }

    private void visit(BrokerWorld world, String client, String idpClient, DemoUser user) {
        Tokens tokens = world.idp().login(idpClient, user);
        add(tokens.refreshToken(), tokens.idToken(), tokens.accessToken(), user.email(), user.sub());
        Response adopted =
                world.as(client).refreshToken(tokens.refreshToken()).toWiki().send();
        assertThat(adopted.statusCode()).as(adopted.asString()).isEqualTo(200);
        String handle = adopted.path("refresh_token");
        add(handle, adopted.path("access_token"));
        keepError(world.as(client).refreshToken(handle).toFiles().send());
        keepError(world.as(client).idToken(tokens.idToken()).toFiles().send());
    }

    private void refusals(BrokerWorld world) {
        Tokens tokens = world.idp().login("vscode-at-idp", DemoUser.ALICE);
        add(tokens.refreshToken(), tokens.idToken());
        keepError(
                world.as("cursor").refreshToken(tokens.refreshToken()).toFiles().send());
        keepError(world.as("cursor").idToken(tokens.idToken()).toFiles().send());
        world.idp().behaviour.idJagFlaws = Set.of(JwtFlaw.OTHER_SUBJECT);
        keepError(
                world.as("vscode").refreshToken(tokens.refreshToken()).toFiles().send());
        keepError(world.as("cursor")
                .withoutHeader("Authorization")
                .basic("cursor", "canary-wrong-secret")
                .refreshToken("canary-wrong-token")
                .toFiles()
                .send());
        add("canary-wrong-secret", "canary-wrong-token");
    }

    /** Secrets of every kind where they do not belong, and requests that are wrong in every way with secrets in them. */
    private void aHeapOfErrors(BrokerWorld world) {
        for (int i = 0; i < 25; i++) {
            Tokens tokens = world.idp().login("cursor-at-idp", DemoUser.BOB);
            add(tokens.refreshToken(), tokens.idToken(), tokens.accessToken());
            List<String> secrets = List.of(tokens.refreshToken(), tokens.idToken(), tokens.accessToken());
            for (String secret : secrets) {
                keepError(world.as("cursor")
                        .refreshToken(secret)
                        .with("resource", secret)
                        .send());
                keepError(world.as("cursor")
                        .idToken(secret)
                        .toFiles()
                        .with("audience", secret)
                        .send());
                keepError(world.as("cursor")
                        .refreshToken(secret)
                        .toFiles()
                        .with("actor_token", secret)
                        .send());
                keepError(world.as("cursor")
                        .refreshToken(secret)
                        .refreshToken(secret)
                        .toFiles()
                        .send());
                keepError(world.as("cursor")
                        .idToken(secret)
                        .toFiles()
                        .with("scope", secret)
                        .send());
                keepError(world.as("vscode")
                        .with("client_id", secret)
                        .refreshToken(secret)
                        .toFiles()
                        .send());
                keepError(world.as("cursor")
                        .refreshToken("xaas_" + secret)
                        .toFiles()
                        .send());
                Response admin = world.get("/admin/vault?token=" + secret);
                errors.append(admin.asString()).append(admin.headers());
            }
        }
        assertThat(errors.toString().split("request_id", -1)).hasSizeGreaterThan(300);
    }

    /** A session whose stored values lie in each other's places. */
    private void brokenRecords(BrokerWorld world) throws Exception {
        Tokens tokens = world.idp().login("cursor-at-idp", DemoUser.ALICE);
        add(tokens.refreshToken(), tokens.idToken());
        Response adopted =
                world.as("cursor").refreshToken(tokens.refreshToken()).toWiki().send();
        assertThat(adopted.statusCode()).as(adopted.asString()).isEqualTo(200);
        String handle = adopted.path("refresh_token");
        add(handle, adopted.path("access_token"));
        try (Connection sql = world.stores().sql()) {
            sql.createStatement()
                    .executeUpdate(
                            "update sso_session set sealed_identity = sealed_proof where sealed_proof is not null");
        }
        Response refused = world.as("cursor").refreshToken(handle).toFiles().send();
        assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(503);
        keepError(refused);
    }

    /** What is in the key file. */
    private void rememberKeys(BrokerWorld world) throws IOException {
        Matcher texts = Pattern.compile("\"([A-Za-z0-9+/=\\\\]{40,})\"").matcher(Files.readString(world.keyFile()));
        int found = 0;
        while (texts.find()) {
            add(texts.group(1).replace("\\", ""));
            found++;
        }
        assertThat(found)
                .as("sealing key, hash key, both halves of the ledger's")
                .isEqualTo(4);
    }

    private void keepError(Response answer) {
        if (answer.statusCode() == 200) {
            add(answer.<String>path("access_token"));
        } else {
            errors.append(answer.asString()).append(answer.headers());
        }
    }

    /** What went over the wire in either direction. */
    private void remember(BrokerWorld world) {
        add("cursor-demo-secret", "vscode-demo-secret", "cursor-at-idp-demo-secret", "vscode-at-idp-demo-secret");
        add("wiki: 100% + demo secret", "vscode-at-wiki-demo-secret");
        for (var ras : List.of(world.demo().files(), world.demo().wiki())) {
            ras.issuedTokens().forEach(this::add);
            ras.recording().requests().forEach(request -> fromWire(request, "assertion"));
        }
        for (RecordedRequest request : world.idp().recording().requests()) {
            fromWire(request, "refresh_token");
            fromWire(request, "subject_token");
            fromWire(request, "client_assertion");
        }
    }

    private void fromWire(RecordedRequest request, String parameter) {
        String value = request.param(parameter);
        if (value != null) {
            add(value);
        }
    }

    private void add(String... values) {
        canaries.addAll(List.of(values));
    }

    /** All tables as text and as hex-decoded bytes, and all of Redis. */
    private static String dump(BrokerWorld world) throws Exception {
        StringBuilder dump = new StringBuilder();
        try (Connection sql = world.stores().sql()) {
            for (String table : column(sql.createStatement()
                    .executeQuery("select tablename from pg_tables where schemaname = 'public'"))) {
                ResultSet rows = sql.createStatement().executeQuery("select * from " + table);
                while (rows.next()) {
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        String value = rows.getString(i);
                        dump.append(value).append('\n');
                        if (value != null && value.matches("\\\\x([0-9a-f]{2})+")) {
                            dump.append(text(HexFormat.of().parseHex(value.substring(2))))
                                    .append('\n');
                        }
                    }
                }
            }
        }
        return dump.append(redis(world)).toString();
    }

    private static List<String> column(ResultSet rows) throws Exception {
        List<String> values = new ArrayList<>();
        while (rows.next()) {
            values.add(rows.getString(1));
        }
        assertThat(values).isNotEmpty();
        return values;
    }

    private static String redis(BrokerWorld world) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Socket socket = connect(world)) {
            String keys = ask(socket, "KEYS *");
            all.append(keys);
            for (String key : keys.split("\r\n", -1)) {
                if (!key.isEmpty() && !key.startsWith("$") && !key.startsWith("*") && !key.startsWith("+")) {
                    all.append(ask(socket, reading(ask(socket, "TYPE " + key)) + " " + key));
                }
            }
        }
        return all.toString();
    }

    /** The command that reads all of a value of this type. */
    private static String reading(String type) {
        return switch (type.replaceAll("\r\n.*", "")) {
            case "+string" -> "GET";
            case "+hash" -> "HGETALL";
            case "+set" -> "SMEMBERS";
            case "+none" -> "EXISTS";
            default -> throw new AssertionError("read this type too: " + type);
        };
    }

    private static String ask(Socket socket, String command) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((command + "\r\nPING\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        StringBuilder answer = new StringBuilder();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        while (!answer.toString().endsWith("+PONG\r\n")) {
            int read = in.read(buffer);
            answer.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
        }
        return answer.toString();
    }

    private static Socket monitor(BrokerWorld world) throws IOException {
        Socket socket = connect(world);
        socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static Socket connect(BrokerWorld world) throws IOException {
        return new Socket(java.net.InetAddress.getLoopbackAddress(), ((Stores.Real) world.stores()).redisPort());
    }

    private static void copy(Socket from, ByteArrayOutputStream to) {
        try (InputStream in = from.getInputStream()) {
            in.transferTo(to);
        } catch (IOException closed) {
            return;
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
