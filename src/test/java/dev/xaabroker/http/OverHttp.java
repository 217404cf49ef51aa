package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.demo.Tokens;
import dev.xaabroker.testing.BrokerWorld;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** A broker to talk to, in the demo world. */
interface OverHttp {

    BrokerWorld world();

    @BeforeEach
    default void forgetEarlierTests() {
        world().demo().reset();
    }

    default Tokens login(String client, DemoUser user) {
        return world().idp().login(idpClient(client), user);
    }

    private static String idpClient(String client) {
        return client.equals("claude-code") ? "claude-at-idp" : client + "-at-idp";
    }

    default String handleOf(String client, DemoUser user) {
        Response adopted = world().as(client)
                .refreshToken(login(client, user).refreshToken())
                .toWiki()
                .send();
        assertThat(adopted.statusCode()).as(adopted.asString()).isEqualTo(200);
        return adopted.path("refresh_token");
    }

    default Map<String, String> ledgerOf(Response answer) throws Exception {
        List<Map<String, String>> rows = world().ledger(answer.header("X-Request-Id"));
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }
}
