package dev.xaabroker.http;

import dev.xaabroker.testing.BrokerWorld;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The connect request with H2 and the process's own memory behind it. */
class EmbeddedConnectIT implements ConnectContract, RefusalContract, PeerContract, ParallelContract {

    private static BrokerWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.embedded(UnaryOperator.identity(), Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }
}
