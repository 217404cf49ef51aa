package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.demo.Step;
import dev.xaabroker.demo.Walk;
import dev.xaabroker.testing.BrokerWorld;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The walk that dev mode prints: every command does what it says, against the jar and against the native binary. */
class WalkIT {

    @Test
    void everyPrintedCommandDoesWhatItSays() throws Exception {
        try (BrokerWorld world = BrokerWorld.embedded(UnaryOperator.identity(), Map.of())) {
            Walk walk = new Walk(world.issuer(), world.demo());

            List<String> printed = walk.run();

            List<Step> steps = walk.steps();
            assertThat(printed).hasSameSizeAs(steps);
            for (int i = 0; i < steps.size(); i++) {
                assertThat(printed.get(i))
                        .as(steps.get(i).title())
                        .containsPattern(steps.get(i).expected());
            }
        }
    }
}
