package dev.xaabroker.session;

import dev.xaabroker.testing.OnEmbedded;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

@QuarkusTest
@TestProfile(OnEmbedded.class)
class SignalStreamsOnEmbeddedTest extends SignalStreamsContract {}
