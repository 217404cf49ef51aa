package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.testing.BrokerProcess;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Command;
import dev.xaabroker.testing.Command.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code xaa prove revocation} against three replicas, and against one that never refuses. */
class ProveIT implements OverHttp {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static BrokerWorld world;
    private static List<BrokerProcess> replicas;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.real(UnaryOperator.identity(), Map.of());
        world.restartWith(Map.of(
                "xaa.admin.issuer",
                world.idp().issuer(),
                "xaa.admin.audience",
                AdminIT.AUDIENCE,
                "xaa.oauth.requests-per-client-per-minute",
                "100000",
                "xaa.oauth.requests-per-source-per-minute",
                "100000"));
        replicas = List.of(world.broker(), world.replica(), world.replica());
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    private Command canary() throws IOException {
        Files.writeString(
                folder.resolve("token"), login("cursor", DemoUser.ALICE).refreshToken());
        String admin = world.idp().apiToken(DemoUser.ALICE, AdminIT.AUDIENCE, List.of("xaa-security"));
        return new Command(folder, Map.of("XAA_ADMIN_TOKEN", admin, "XAA_CLIENT_SECRET", "cursor-demo-secret"));
    }

    private List<String> line(List<String> brokers, String... more) {
        List<String> line = new ArrayList<>(List.of("prove", "revocation", "--client-id", "cursor"));
        brokers.forEach(url -> line.addAll(List.of("--broker", url)));
        line.addAll(List.of("--resource", world.demo().files().resource()));
        line.addAll(List.of("--subject-token-file", folder.resolve("token").toString()));
        line.addAll(List.of(more));
        return line;
    }

    private List<String> fleet(String... more) {
        List<String> line = line(replicas.stream().map(one -> one.url("")).toList(), "--issuer", world.issuer());
        line.addAll(List.of(more));
        return line;
    }

    private static Ended run(Command command, List<String> line) throws Exception {
        return command.run(line.toArray(String[]::new));
    }

    private static String alice() {
        return "corp/" + DemoUser.ALICE.sub();
    }

    @Test
    @Rules("H13")
    void provesTheBoundOnEveryReplica() throws Exception {
        Ended ended = run(canary(), fleet("--subject", alice(), "--for", "3s"));

        System.out.println(ended.out());
        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.out())
                .contains("3 replicas", "ended by: admin: xaa prove revocation")
                .containsPattern(
                        "bound holds: no connect begun after the end's answer got a token \\([1-9][0-9]* connects,")
                .doesNotContain("xaas_");
        for (BrokerProcess replica : replicas) {
            assertThat(ended.out()).contains(replica.url(""));
        }
    }

    @Test
    @Rules("H13")
    void answersInJsonToo() throws Exception {
        Ended ended = run(canary(), fleet("--subject", alice(), "--for", "2s", "--rate", "20", "--json"));

        JsonNode said = JSON.readTree(ended.out());
        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        assertThat(said.path("holds").asBoolean()).isTrue();
        assertThat(said.path("replicas").size()).isEqualTo(3);
        for (JsonNode replica : said.path("replicas")) {
            assertThat(replica.path("tokens").asInt()).as(replica.toString()).isPositive();
            assertThat(replica.path("begunAfter").asInt()).isPositive();
            assertThat(replica.path("tokensOfThose").asInt()).isZero();
        }
    }

    /** The authorization server of the wiki takes tokens back, and says so. */
    @Test
    @Rules({"H4", "H13"})
    void tellsWhenTheTokenItHeldIsInactiveToo() throws Exception {
        Command command = canary();
        command = new Command(folder, with(command.environment(), "XAA_INTROSPECT_SECRET", "wiki: 100% + demo secret"));
        List<String> line = fleet("--subject", alice(), "--for", "4s", "--rate", "5", "--json");
        line.set(
                line.indexOf(world.demo().files().resource()),
                world.demo().wiki().resource());
        line.addAll(List.of("--introspect", world.demo().wiki().issuer().replaceFirst("/+$", "") + "/introspect"));
        line.addAll(List.of("--introspect-id", "acme broker:wiki"));

        Ended ended = run(command, line);

        JsonNode said = JSON.readTree(ended.out());
        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        assertThat(said.path("upstreamInactiveMs").isNumber()).as(ended.out()).isTrue();
        System.out.printf(
                "inactive upstream after %d ms%n",
                said.path("upstreamInactiveMs").asLong());
    }

    private static Map<String, String> with(Map<String, String> environment, String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return more;
    }

    /** It takes no right but the client's own. */
    @Test
    @Rules({"H1", "H13"})
    void provesItForTheClientsOwnEndToo() throws Exception {
        Ended ended = run(canary(), fleet("--by", "client", "--for", "2s", "--rate", "20"));

        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.out()).contains("bound holds", "3 replicas").doesNotContain("ended by");
    }

    /** Somebody ends it at the IdP while the command looks on. */
    @Test
    @Rules("H12")
    void looksOnUntilASignalOrTheRecheckEndsIt() throws Exception {
        Command command = canary();
        world.policy(world.demo().policyYaml().replace("recheck: 60s", "recheck: 3s"));
        Ended ended;
        try (ExecutorService operator = Executors.newSingleThreadExecutor()) {
            operator.execute(() -> {
                try {
                    Thread.sleep(8_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                world.idp().endSessions(DemoUser.ALICE);
            });
            ended = run(command, fleet("--by", "signal", "--subject", alice(), "--for", "40s"));
        }
        world.policy(world.demo().policyYaml());

        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.out())
                .contains("end the canary's session", "ended by: invalid_grant", "every replica refuses");
    }

    @Test
    void doesNotBeginWithoutATokenOnEachReplicaOrWithoutAName() throws Exception {
        Command command = canary();
        Ended nameless = run(command, fleet());
        Ended refused = run(command, fleet("--subject", alice(), "--scope", "files.write"));
        Ended elsewhere = run(command, line(List.of(replicas.getLast().url("")), "--subject", alice()));
        Ended wrong = run(command, fleet("--subject", alice(), "--by", "prayer"));
        Ended help = command.run("--help");

        assertThat(List.of(nameless.code(), refused.code(), elsewhere.code(), wrong.code()))
                .containsOnly(2);
        assertThat(nameless.err()).contains("--subject");
        assertThat(help.out()).contains("prove", "Measure on a running broker");
        assertThat(refused.err()).contains("gets no token to begin with", "scope-not-allowed");
        assertThat(elsewhere.err()).contains("give the issuer exactly");
        assertThat(wrong.err()).contains("session, client or signal");
    }

    /** It says 200 to the end, and goes on. */
    @Test
    @Rules("H13")
    void failsAgainstABrokerThatHandsOutTokensAfterTheEnd() throws Exception {
        HttpServer liar = liar();
        try {
            String url = "http://127.0.0.1:" + liar.getAddress().getPort();

            Ended ended = run(canary(), line(List.of(url), "--subject", alice(), "--for", "1s"));

            assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(1);
            assertThat(ended.out())
                    .contains(
                            "NOT proven", "gave a token to a connect begun after the end's answer", "request ids liar-")
                    .contains("it gives tokens")
                    .doesNotContain("bound holds")
                    .doesNotContain("a-token");
        } finally {
            liar.stop(0);
        }
    }

    private static HttpServer liar() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        AtomicBoolean adopted = new AtomicBoolean();
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", call -> {
            String path = call.getRequestURI().getPath();
            switch (path) {
                case "/.well-known/oauth-authorization-server" ->
                    answer(call, "{\"issuer\":\"" + url + "\",\"token_endpoint\":\"" + url + "/oauth2/token\"}");
                case "/oauth2/token" -> {
                    adopted.set(true);
                    answer(call, "{\"access_token\":\"a-token\",\"refresh_token\":\"xaas_a-token\"}");
                }
                case "/admin/sessions" ->
                    answer(call, adopted.get() ? "{\"sessions\":[{\"id\":\"s1\"}]}" : "{\"sessions\":[]}");
                default -> answer(call, "{\"id\":\"s1\",\"endCause\":\"admin: so it says\"}");
            }
        });
        server.start();
        return server;
    }

    private static void answer(HttpExchange call, String body) throws IOException {
        call.getRequestBody().readAllBytes();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        call.getResponseHeaders().add("X-Request-Id", "liar-1");
        call.sendResponseHeaders(200, bytes.length);
        call.getResponseBody().write(bytes);
        call.close();
    }
}
