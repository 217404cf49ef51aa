package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyDirectoryTest {

    private static final String HEAD = "apiVersion: xaa/v1\nkind: ManagedConnections\nmetadata: { tenant: acme }\n";
    private static final int RULES = Example.FILE.indexOf("connections:");

    @TempDir
    Path directory;

    private Path policy;

    @BeforeEach
    void makeTheDirectory() throws IOException {
        policy = Files.createDirectory(directory.resolve("policy"));
    }

    @Test
    void isThePolicyThatItsFilesAreTogether() throws IOException {
        Files.writeString(policy.resolve("10-it.yaml"), Example.FILE.substring(0, RULES));
        Files.writeString(policy.resolve("20-design.yml"), HEAD + Example.FILE.substring(RULES));

        Policy loaded = Example.read(policy);

        assertThat(loaded.revision()).isEqualTo(Example.load(Example.FILE).revision());
        assertThat(Example.reason(loaded.decide(
                        Example.ask(loaded, "cursor", Example.FIGMA, "read"), Example.user("engineering"))))
                .isEqualTo("allowed:eng");
    }

    /** Entries and rules go to random files in random order; the content is what it was. */
    @Test
    void howItIsCutIsNoChange() throws IOException {
        Path whole = Path.of("policies/samples/company.yaml");
        Policy uncut = PolicyReader.reviewing(false).read(whole);
        JsonNode content = PolicySchema.json(Files.readString(whole));
        Random random = new Random(20261121);
        for (int i = 0; i < 50; i++) {
            Path cut = Files.createDirectory(directory.resolve("cut" + i));
            List<ObjectNode> files = cut(content, 1 + random.nextInt(5), random);
            for (ObjectNode file : files) {
                Files.writeString(cut.resolve(files.indexOf(file) + ".yaml"), file.toPrettyString());
            }

            assertThat(PolicyReader.reviewing(false).read(cut).canonical()).isEqualTo(uncut.canonical());
        }
    }

    private static List<ObjectNode> cut(JsonNode content, int parts, Random random) {
        List<ObjectNode> files = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            ObjectNode file = PolicySchema.JSON.createObjectNode();
            List.of("apiVersion", "kind", "metadata").forEach(key -> file.set(key, content.get(key)));
            files.add(file.put("number", i));
        }
        content.properties().forEach(section -> {
            String key = section.getKey();
            if (key.equals("defaults")) {
                files.get(random.nextInt(parts)).set(key, section.getValue());
            } else if (section.getValue().isArray()) {
                section.getValue().forEach(rule -> files.get(random.nextInt(parts))
                        .withArray("/" + key)
                        .insert(0, rule));
            } else if (section.getValue().isObject() && !key.equals("metadata")) {
                section.getValue().properties().forEach(entry -> files.get(random.nextInt(parts))
                        .withObject("/" + key)
                        .set(entry.getKey(), entry.getValue()));
            }
        });
        files.forEach(file -> file.remove("number"));
        return files;
    }

    @Test
    void whatIsNoPolicyFileIsLeftOutAndWhatIsOneIsNot() throws IOException {
        Files.writeString(policy.resolve("a.YAML"), Example.FILE.substring(0, RULES));
        Files.writeString(policy.resolve("b.yml"), HEAD + Example.FILE.substring(RULES));
        Files.writeString(policy.resolve(".b.yml.swp"), "no policy");
        Files.writeString(policy.resolve(".hidden.yaml"), "no policy");
        Files.writeString(policy.resolve("README.md"), "no policy");
        Files.createDirectory(policy.resolve("more.yaml"));

        assertThat(Example.read(policy).revision())
                .isEqualTo(Example.load(Example.FILE).revision());
    }

    @Test
    void aDirectoryWithoutAFileSaysWhatToPutThere() {
        assertThat(findings())
                .containsExactly(policy + ":1:1: holds no file that ends in .yaml or .yml: put the policy there");
    }

    /** It may be the one that denies. */
    @Test
    void aLinkThatLeadsNowhereIsNoFileLess() throws IOException {
        Files.writeString(policy.resolve("a.yaml"), Example.FILE);
        Path link = Files.createSymbolicLink(policy.resolve("deny.yaml"), Path.of("gone.yaml"));

        assertThat(findings()).containsExactly(link + ":1:1: leads to no file: mend the link, or remove it");
    }

    /** As Kubernetes mounts a ConfigMap: a.yaml leads to ..data/a.yaml, and ..data to a new folder for each version. */
    @Test
    void aConfigMapIsReadWhileItChangesAndNeverInHalves() throws Exception {
        Set<String> whole = new HashSet<>();
        Path first = publish(0);
        for (String file : List.of("a.yaml", "b.yaml", "c.yaml")) {
            Files.createSymbolicLink(policy.resolve(file), Path.of("..data", file));
        }
        whole.add(Example.read(policy).revision());
        Path second = publish(1);
        whole.add(Example.read(policy).revision());
        remove(first);
        assertThat(whole).hasSize(2);

        Thread changes = Thread.ofPlatform().daemon().start(() -> {
            Path last = second;
            for (int version = 2; !Thread.interrupted(); version++) {
                Path next = publish(version);
                remove(last);
                last = next;
            }
        });
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            try {
                seen.add(Example.read(policy).revision());
            } catch (PolicyInvalid invalid) {
                assertThat(invalid.getMessage()).containsAnyOf("change while they are read", "leads to no file");
            }
        }
        changes.interrupt();
        changes.join();

        assertThat(whole).containsAll(seen);
        assertThat(seen).isNotEmpty();
    }

    /** Even and odd versions differ in two of three files. */
    private Path publish(int version) {
        String name = version % 2 == 0 ? "even" : "odd";
        try {
            Path data = Files.createDirectory(policy.resolve("..v" + version));
            Files.writeString(data.resolve("a.yaml"), Example.FILE.substring(0, RULES));
            Files.writeString(
                    data.resolve("b.yaml"), HEAD + Example.FILE.substring(RULES).replace("eng-owner", name));
            Files.writeString(
                    data.resolve("c.yaml"),
                    HEAD + "tests: [{ name: " + name + ", given: { user: { groups: [engineering] }, client: cursor,"
                            + " server: figma }, expect: { decision: allow } }]\n");
            Path next = Files.createSymbolicLink(policy.resolve("..data_tmp"), data.getFileName());
            Files.move(next, policy.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            return data;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path data) {
        try {
            for (String file : List.of("a.yaml", "b.yaml", "c.yaml")) {
                Files.delete(data.resolve(file));
            }
            Files.delete(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> findings() {
        PolicyInvalid invalid = catchThrowableOfType(PolicyInvalid.class, () -> Example.read(policy));
        assertThat(invalid).isNotNull();
        return invalid.findings().stream().map(Finding::toString).toList();
    }
}
