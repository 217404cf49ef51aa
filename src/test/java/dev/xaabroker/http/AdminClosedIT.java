package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.testing.AdminCall;
import dev.xaabroker.testing.BrokerWorld;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The admin face of a broker on PostgreSQL. */
class AdminClosedIT {

    @Test
    void staysClosedUntilAnIdpIsNamedAndSaysSo() throws Exception {
        try (BrokerWorld world = BrokerWorld.real(UnaryOperator.identity(), Map.of())) {
            for (String token : new String[] {null, "anything"}) {
                Response answer = new AdminCall(world, token).get("/admin/policy/history");
                assertThat(answer.statusCode()).isEqualTo(403);
                assertThat(answer.contentType()).startsWith("application/problem+json");
                assertThat(answer.<String>path("detail")).contains("xaa.admin.issuer", "xaa.admin.audience");
            }
            assertThat(Files.exists(world.adminTokenFile())).isFalse();

            assertThatThrownBy(() -> world.restartWith(Map.of("xaa.admin.issuer", "https://idp.acme.example")))
                    .hasMessageContaining("xaa.admin.audience is missing");
        }
    }
}
