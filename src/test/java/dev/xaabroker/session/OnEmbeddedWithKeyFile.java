package dev.xaabroker.session;

import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.testing.PostgresResource;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The broker in this process with a key file of its own, which the test may edit. */
public class OnEmbeddedWithKeyFile implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        try {
            Path folder = Files.createTempDirectory("xaa-vault");
            Path keys = Files.writeString(folder.resolve("keys.json"), KeyRing.generate());
            Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
            Map<String, String> config = new HashMap<>();
            config.put("xaa.keys.file", keys.toString());
            config.put("xaa.embedded.folder", folder.resolve("data").toString());
            return config;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The same with a real PostgreSQL. */
    public static final class OnPostgresWithKeyFile extends OnEmbeddedWithKeyFile {

        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> config = super.getConfigOverrides();
            config.remove("xaa.embedded.folder");
            return config;
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(PostgresResource.class));
        }
    }
}
