package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.IdpBehaviour;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.testing.AdminCall;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Command;
import dev.xaabroker.testing.Command.Ended;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Keys are rotated as an operator does it, with connects all the time; and what lies swapped in the database opens nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VaultIT {

    private static final String AUDIENCE = "https://broker.example/admin";

    private BrokerWorld world;
    private Path keys;
    private Path token;
    private Command xaa;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        keys = Files.writeString(folder.resolve("keys.json"), KeyRing.generate());
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        world = BrokerWorld.real(
                UnaryOperator.identity(),
                Map.of(
                        "xaa.keys.file", keys.toString(),
                        "xaa.keys.watch", "PT0.2S",
                        "xaa.broker.fresh-per-minute", "1000000",
                        "xaa.oauth.requests-per-client-per-minute", "1000000",
                        "xaa.oauth.requests-per-source-per-minute", "1000000"));
        world.restartWith(Map.of("xaa.admin.issuer", world.idp().issuer(), "xaa.admin.audience", AUDIENCE));
        token = Files.writeString(
                folder.resolve("token"), world.idp().apiToken(DemoUser.ALICE, AUDIENCE, List.of("xaa-security")));
        xaa = new Command(folder, Map.of());
        world.idp().behaviour = IdpBehaviour.rotatingRefreshTokens();
    }

    @AfterAll
    void stop() throws Exception {
        world.close();
    }

    private String adopt(DemoUser user) {
        Response adopted = world.as("cursor")
                .refreshToken(world.idp().login("cursor-at-idp", user).refreshToken())
                .toWiki()
                .send();
        assertThat(adopted.statusCode()).as(adopted.asString()).isEqualTo(200);
        return adopted.path("refresh_token");
    }

    private Response connect(String handle) {
        return world.as("cursor")
                .header("Cache-Control", "no-cache")
                .refreshToken(handle)
                .toWiki()
                .send();
    }

    private Ended vault(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "vault";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        Ended ended = xaa.run(all);
        System.out.println(
                "$ xaa " + String.join(" ", all) + "\n" + ended.out() + ended.err() + "exit " + ended.code());
        return ended;
    }

    private Ended atBroker(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(
                new String[] {"--broker", world.broker().url(""), "--token-file", token.toString()},
                0,
                all,
                arguments.length,
                4);
        return vault(all);
    }

    private static void await(BooleanSupplier met) throws InterruptedException {
        for (int i = 0; i < 500 && !met.getAsBoolean(); i++) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(met.getAsBoolean()).isTrue();
    }

    private boolean holds(String... ids) {
        List<String> known = security().get("/admin/vault").path("keys.id");
        return known.equals(List.of(ids));
    }

    private AdminCall security() {
        return new AdminCall(world, world.idp().apiToken(DemoUser.ALICE, AUDIENCE, List.of("xaa-security")));
    }

    @Test
    @Rules("K6")
    void aNewFleetGetsItsKeyFileByOneCommand(@TempDir Path folder) throws Exception {
        Path ring = folder.resolve("fleet.json");

        assertThat(vault("new-ring", "--file", ring.toString()).code()).isZero();
        String made = Files.readString(ring);
        Ended again = vault("new-ring", "--file", ring.toString());

        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("stays as it is");
        assertThat(Files.readString(ring)).isEqualTo(made);
        assertThat(vault("new-key", "--file", ring.toString()).out()).contains("added key k2");
    }

    @Test
    @Rules("K6")
    void rotatesTheKeysWhileConnectsGoOn() throws Exception {
        List<String> handles = List.of(adopt(DemoUser.ALICE), adopt(DemoUser.ALICE), adopt(DemoUser.BOB));
        try (Refreshes refreshes = new Refreshes(handles, this::connect)) {
            assertThat(vault("new-key", "--file", keys.toString()).code()).isZero();
            await(() -> holds("k1", "k2"));
            refreshes.more(10);
            assertThat(atBroker("remove-key", "k1", "--file", keys.toString()).code())
                    .isEqualTo(2);

            assertThat(vault("make-current", "k2", "--file", keys.toString()).code())
                    .isZero();
            assertThat(atBroker("status").code()).isEqualTo(1);
            assertThat(atBroker("rotate", "--batch", "1").code()).isZero();
            Ended status = atBroker("status");
            assertThat(status.code()).as(status.out()).isZero();
            assertThat(status.out()).containsPattern("k1 +0 +may be removed");
            refreshes.more(10);

            assertThat(atBroker("remove-key", "k1", "--file", keys.toString()).code())
                    .isZero();
            await(() -> holds("k2"));
            refreshes.more(10);
            assertThat(refreshes.failures()).isEmpty();
        }
        world.stop();
        world.start();
        for (String handle : handles) {
            Response again = connect(handle);
            assertThat(again.statusCode()).as(again.asString()).isEqualTo(200);
        }
        assertThat(world.broker().log()).doesNotContain(secret());
    }

    private String secret() throws Exception {
        return Files.readString(keys).replaceAll(".*\"k2\" *: *\"([^\"]{20})[^\"]*\".*", "$1");
    }

    @Test
    void onlySecurityRotates() {
        AdminCall auditor =
                new AdminCall(world, world.idp().apiToken(DemoUser.ALICE, AUDIENCE, List.of("xaa-auditor")));

        assertThat(auditor.get("/admin/vault").statusCode()).isEqualTo(200);
        assertThat(auditor.post("/admin/vault/rotate", "{}").statusCode()).isEqualTo(403);
        assertThat(security().post("/admin/vault/rotate", "{}").statusCode()).isEqualTo(200);
        for (String wrong : List.of("{\"after\": \"x\"}", "{\"limit\": \"0\"}", "{\"limit\": 5}", "{\"all\": true}")) {
            assertThat(security().post("/admin/vault/rotate", wrong).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
    }

    @Test
    @Rules({"K5", "K6"})
    void swappedCiphertextsAnswer503AndLeakNothing() throws Exception {
        String alice = adopt(DemoUser.ALICE);
        String bob = adopt(DemoUser.BOB);
        for (String column : List.of("sealed_refresh_token", "sealed_identity")) {
            swapNewest(column);
            world.idp().recording().reset();
            for (String handle : List.of(alice, bob)) {
                Response refused = connect(handle);
                assertThat(refused.statusCode()).as(column + refused.asString()).isEqualTo(503);
                assertThat(refused.<String>path("error")).isEqualTo("temporarily_unavailable");
                assertThat(refused.asString() + refused.headers())
                        .doesNotContain("seal")
                        .doesNotContain(DemoUser.ALICE.email())
                        .doesNotContain(DemoUser.BOB.email());
            }
            assertThat(world.idp().recording().requests()).isEmpty();
            swapNewest(column);
        }
        assertThat(connect(alice).statusCode()).isEqualTo(200);
        assertThat(connect(bob).statusCode()).isEqualTo(200);
    }

    /** The sessions of the last two adoptions. */
    private void swapNewest(String column) throws Exception {
        try (Connection sql = world.stores().sql();
                PreparedStatement swap = sql.prepareStatement("with newest as (select id, " + column
                        + " as sealed from sso_session order by created_at desc limit 2)"
                        + " update sso_session s set " + column
                        + " = o.sealed from newest o, newest m where s.id = m.id and o.id <> m.id")) {
            assertThat(swap.executeUpdate()).isEqualTo(2);
        }
    }
}
