package dev.xaabroker.session;

import dev.xaabroker.testing.OnPostgres;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

@QuarkusTest
@TestProfile(OnPostgres.class)
class SignalStreamsOnPostgresTest extends SignalStreamsContract {}
