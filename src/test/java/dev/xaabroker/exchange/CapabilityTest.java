package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure.PeerFault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CapabilityTest {

    private final World world = new World();
    private final SampleRas ras = world.ras;

    @AfterEach
    void close() {
        world.close();
    }

    private void confirm() {
        world.resourceServer.confirm(world.server());
    }

    @Test
    @Rules({"D9"})
    void aServerThatListsTheProfileIsCapable() {
        ras.metadata.remove("grant_types_supported");

        try (Logged log = new Logged()) {
            confirm();
            assertThat(log.warnings()).isEmpty();
        }
    }

    @Test
    @Rules({"D9"})
    void aServerThatListsOnlyTheGrantIsTriedWithOneWarning() {
        ras.metadata.remove("authorization_grant_profiles_supported");

        try (Logged log = new Logged()) {
            confirm();
            confirm();
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    @Rules({"D9"})
    void aServerThatListsNeitherIsRefusedUnlessTheFileAssumesIt() {
        ras.metadata.remove("authorization_grant_profiles_supported");
        ras.metadata.remove("grant_types_supported");

        assertThat(World.failure(this::confirm))
                .isInstanceOfSatisfying(PeerFault.class, fault -> assertThat(fault.detail())
                        .contains("assumeCapable: true")
                        .contains("servers.figma"));
        assertThat(World.failure(world::leg2)).isInstanceOf(PeerFault.class);
        assertThat(ras.tokenRequests()).isEmpty();

        world.assumeCapable = true;
        assertThatCode(this::confirm).doesNotThrowAnyException();
    }
}
