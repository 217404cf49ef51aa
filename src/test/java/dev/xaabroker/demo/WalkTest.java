package dev.xaabroker.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalkTest {

    @TempDir
    static Path folder;

    @Test
    void everyPrintedCommandDoesWhatItSaysTwiceInARow() throws Exception {
        try (DemoWorld world = DemoWorld.start(DemoWorld.Ports.ANY, folder);
                StandInBroker broker = new StandInBroker(world)) {
            Walk walk = new Walk(broker.url(), world);
            for (int round = 0; round < 2; round++) {
                List<String> outputs = walk.run();

                assertThat(outputs).hasSameSizeAs(walk.steps());
                for (int i = 0; i < outputs.size(); i++) {
                    Step step = walk.steps().get(i);
                    assertThat(outputs.get(i)).as(step.title()).containsPattern(step.expected());
                }
            }
            assertThat(world.files().count("jwt-bearer"))
                    .as("the cache was used")
                    .isEqualTo(2);
        }
    }

    @Test
    void noStepSucceedsWithoutABroker() throws Exception {
        try (DemoWorld world = DemoWorld.start(DemoWorld.Ports.ANY, folder)) {
            Walk walk = new Walk("http://127.0.0.1:1", world);
            List<String> outputs = walk.run();
            for (int i : new int[] {1, 2, 3, 4, 6}) {
                assertThat(outputs.get(i))
                        .doesNotContainPattern(walk.steps().get(i).expected());
            }
        }
    }

    @Test
    void thePrintedTextHoldsEveryCommandAsItIsRun() throws Exception {
        try (DemoWorld world = DemoWorld.start(DemoWorld.Ports.ANY, folder)) {
            Walk walk = new Walk("http://127.0.0.1:8080", world);
            assertThat(walk.text())
                    .contains(walk.steps().stream().map(Step::command).toList());
            assertThat(walk.text()).doesNotContain("jq");
        }
    }
}
