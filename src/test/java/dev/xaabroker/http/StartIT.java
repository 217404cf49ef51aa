package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.testing.BrokerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A broker does not start where its settings are unsafe, and says what to do. */
class StartIT {

    @TempDir
    Path folder;

    private final Map<String, String> settings = new LinkedHashMap<>();

    @BeforeEach
    void safe() throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), "version: 1\n");
        settings.put("xaa.outbound.development", "false");
        settings.put("xaa.oauth.issuer", "https://broker.acme.example");
        settings.put("xaa.policy.file", policy.toString());
        settings.put("xaa.embedded.folder", folder.resolve("data").toString());
        settings.put("xaa.keys.embedded-file", folder.resolve("keys/keys.json").toString());
    }

    @ParameterizedTest
    @CsvSource({
        "xaa.oauth.issuer, http://broker.acme.example, set the https URL",
        "xaa.outbound.development, true, or use an issuer on 127.0.0.1",
        "xaa.policy.allow-http-on-loopback, true, or use an issuer on 127.0.0.1",
        "xaa.admin.allow-http-on-loopback, true, or use an issuer on 127.0.0.1",
        "xaa.policy.file, '', xaa.policy.file is not set: set it to",
        "xaa.policy.file, /nowhere/policy.yaml, 'mount or write it, or correct the path'",
        "quarkus.datasource.jdbc.url, jdbc:postgresql://127.0.0.1:1/xaa, make one with `xaa vault new-ring",
        "xaa.replicas, 2, set quarkus.datasource.jdbc.url"
    })
    void anUnsafeSettingIsRefused(String name, String value, String remedy) {
        settings.put(name, value);

        assertThatThrownBy(() -> BrokerProcess.start(BrokerProcess.freePort(), folder, settings))
                .hasMessageContaining("the broker stopped at start")
                .hasMessageContaining("UNSAFE SETTING: ")
                .hasMessageContaining(remedy);

        assertThat(folder.resolve("data")).as("nothing was opened").doesNotExist();
    }

    @Test
    void aSafeOneStarts() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(BrokerProcess.freePort(), folder, settings)) {
            assertThat(broker.log()).doesNotContain("UNSAFE");
        }
    }
}
