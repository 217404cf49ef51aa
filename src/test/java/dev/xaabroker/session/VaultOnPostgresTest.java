package dev.xaabroker.session;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

@QuarkusTest
@TestProfile(OnEmbeddedWithKeyFile.OnPostgresWithKeyFile.class)
class VaultOnPostgresTest extends VaultContract {}
