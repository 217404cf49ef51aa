package dev.xaabroker.testing;

import dev.xaabroker.keys.KeyRing;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;

/** The broker in this process, with embedded H2 in a folder of its own and a key ring of its own. */
public final class OnEmbedded implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        try {
            return Map.of(
                    "xaa.embedded.folder",
                    Files.createTempDirectory("xaa-embedded").resolve("data").toString(),
                    "xaa.keys.json",
                    KeyRing.generate());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
