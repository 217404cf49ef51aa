package dev.xaabroker.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong value is refused before anything reaches a cluster, and the refusal names it. */
class ChartSchemaTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            issuer: http://xaa.acme.example                              | issuer
            isuer: https://xaa.acme.example                              | isuer
            replicas: 0                                                  | replicas
            replicas: three                                              | replicas
            flavour: graal                                               | flavour
            mode: cluster                                                | mode
            image: { tag: "a b" }                                        | tag
            image: { digest: "sha256:12" }                               | digest
            image: { repo: xaa }                                         | repo
            autoscaling: { min: 3 }                                      | min
            policy: { files: { company.json: x } }                       | company.json
            keys: { secret: { name: x } }                                | secret
            secrets: { mounts: [{ secret: figma }] }                     | name
            secrets: { env: [{ name: A, secret: b, key: c, value: d }] } | value
            secrets: { env: [{ name: XAA_KEYS_JSON, secret: b, key: c }] } | name
            postgresql: { url: "jdbc:mysql://db/xaa" }                   | url
            postgresql: { url: "jdbc:postgresql://me:pw@db/xaa" }        | url
            postgresql: { url: "jdbc:postgresql://db/xaa?password=pw" }  | url
            postgresql: { password: secret }                             | password
            redis: { hosts: ["redis://:pw@redis:6379"] }                 | hosts
            redis: { hosts: redis://redis:6379 }                         | hosts
            config: { broker.issuer: x }                                 | broker.issuer
            config: { xaa.policy.watch: "1s\\nxaa.outbound.development=true" } | xaa.policy.watch
            config: { xaa.policy.watch: [1] }                            | xaa.policy.watch
            shutdown: { drainSeconds: 0 }                                | drainSeconds
            resources: { limits: { memory: lots } }                      | memory
            heap: 128MB                                                  | heap
            proxy: { trusted: [ingress-nginx] }                          | trusted
            paths: { public: [/oauth2, /q/metrics] }                     | public
            paths: { public: [/] }                                       | public
            gateway: { parentRefs: [{ gateway: public }] }               | gateway
            networkPolicy: { egress: { postgresql: { port: 70000 } } }   | port
            networkPolicy: { ingressFrom: [{ namespace: web }] }         | namespace
            networkPolicy: { ingressFrom: [{}] }                         | ingressFrom
            serviceAccount: { token: true }                              | token
            metrics: { serviceMonitor: { interval: often } }             | interval
            """)
    void refusesAWrongValueByItsName(String values, String name) throws Exception {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), values);

        assertThatThrownBy(() -> Chart.text(minimalWith(file), Map.of()))
                .hasMessageContaining("schema")
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            issuer: ''                                                   | issuer: name the address
            policy: { existingConfigMap: '' }                            | policy.existingConfigMap: name the ConfigMap
            policy: { files: { a.yaml: x } }                             | policy.files and policy.existingConfigMap: give one
            keys: { secret: '' }                                         | keys.secret: name the Secret
            postgresql: { url: '' }                                      | postgresql.url: name the database
            redis: { hosts: [] }                                         | redis.hosts: name the Redis
            mode: embedded                                               | mode: embedded uses no postgresql
            admin: { issuer: 'https://idp.example' }                     | admin.issuer and admin.audience: give both
            trust: { peers: ca.crt }                                     | trust.configMap: name the ConfigMap
            ingress: { enabled: true }                                   | ingress.host: name the host
            ingress: { enabled: true, host: xaa.acme.example }           | networkPolicy.ingressFrom: name your ingress controller
            gateway: { enabled: true, host: xaa.acme.example }           | gateway.host and gateway.parentRefs: name
            metrics: { serviceMonitor: { enabled: true } }               | networkPolicy.metricsFrom: name your Prometheus
            autoscaling: { enabled: true, minReplicas: 9, maxReplicas: 3 } | autoscaling.minReplicas: must not exceed
            config: { quarkus.redis.password: x }                        | config.quarkus.redis.password: secrets are given by reference
            config: { xaa.keys.json: x }                                 | config.xaa.keys.json: secrets are given by reference
            config: { xaa.policy.file: /tmp/x }                          | config.xaa.policy.file: it has a value of its own
            """)
    void refusesWhatDoesNotGoTogetherWithASentence(String values, String sentence) throws Exception {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), values);

        assertThatThrownBy(() -> Chart.text(minimalWith(file), Map.of())).hasMessageContaining(sentence);
    }

    @Test
    void theSchemaKnowsEveryValueAndNoOther() throws Exception {
        ObjectMapper json = new ObjectMapper();
        JsonNode schema =
                json.readTree(Chart.FOLDER.resolve("values.schema.json").toFile());
        JsonNode values = json.valueToTree(Chart.read(Chart.FOLDER.resolve("values.yaml")));
        List<String> open = new ArrayList<>();

        compare("", schema, values, open);

        assertThat(open).isEmpty();
    }

    @Test
    void everyBlockOfValuesSaysWhatItIsFor() throws Exception {
        String values = Files.readString(Chart.FOLDER.resolve("values.yaml"));

        // Blocks are parted by empty lines; each begins with a comment, or its first key has one.
        assertThat(values.split("\\n\\n")).hasSizeGreaterThan(20).allSatisfy(block -> assertThat(block)
                .containsPattern("\\A(#|[a-zA-Z]+:\\n +(#|[a-zA-Z]+: (true|false)\\n +#|[a-zA-Z]+:\\n +#))"));
    }

    private static void compare(String path, JsonNode schema, JsonNode values, List<String> open) {
        JsonNode known = schema.path("properties");
        if (known.isEmpty()) {
            return;
        }
        if (schema.path("additionalProperties").asBoolean(true)) {
            open.add(path + " takes anything");
        }
        values.fieldNames().forEachRemaining(name -> {
            if (known.has(name)) {
                compare(path + "/" + name, known.get(name), values.get(name), open);
            } else {
                open.add(path + "/" + name + " is not in the schema");
            }
        });
        known.fieldNames().forEachRemaining(name -> {
            if (!values.has(name) && !(path + "/" + name).matches("/global|/resources/.*")) {
                open.add(path + "/" + name + " is not in values.yaml");
            }
        });
    }

    private Path minimalWith(Path more) throws Exception {
        return Chart.merge(Chart.valueSet("minimal"), more, folder.resolve("values.yaml"));
    }
}
