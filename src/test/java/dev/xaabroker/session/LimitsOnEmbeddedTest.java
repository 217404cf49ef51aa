package dev.xaabroker.session;

import dev.xaabroker.testing.OnEmbedded;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

@QuarkusTest
@TestProfile(OnEmbedded.class)
class LimitsOnEmbeddedTest extends LimitsContract {

    @Override
    String waiting() {
        return "select count(*) from information_schema.sessions where blocker_id is not null";
    }
}
