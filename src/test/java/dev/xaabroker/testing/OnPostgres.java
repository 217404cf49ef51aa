package dev.xaabroker.testing;

import dev.xaabroker.keys.KeyRing;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** The broker in this process, with a real PostgreSQL and a key ring of its own. */
public final class OnPostgres implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("xaa.keys.json", KeyRing.generate());
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(PostgresResource.class));
    }
}
