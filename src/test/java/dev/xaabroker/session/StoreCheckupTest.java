package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.grant.Check;
import dev.xaabroker.grant.Check.Verdict;
import dev.xaabroker.grant.Secret;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCheckupTest {

    private static final Duration SKEW = Duration.ofSeconds(30);

    private static List<Check> examined(StoreAddress address) {
        return StoreCheckup.of(address, Optional.empty(), Clock.systemUTC(), SKEW);
    }

    private static StoreAddress embedded(Path folder) {
        return new StoreAddress(StoreDriver.EMBEDDED + folder, Optional.empty(), Optional.empty());
    }

    @Test
    void itKnowsTheLastMigration() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            int last = files.map(file -> file.getFileName().toString().replaceAll("V([0-9]+)__.*", "$1"))
                    .map(Integer::valueOf)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();

            assertThat(StoreCheckup.SCHEMA).isEqualTo(last);
        }
    }

    @Test
    void anEmbeddedDatabaseThatIsNotThereYetIsNotMade(@TempDir Path home) {
        Path folder = home.resolve("data");

        assertThat(examined(embedded(folder))).singleElement().satisfies(check -> assertThat(check.verdict())
                .isEqualTo(Verdict.OK));
        assertThat(folder).doesNotExist();
    }

    @Test
    void anEmbeddedDatabaseOfARunningBrokerIsWell(@TempDir Path folder) throws Exception {
        embedded(folder).connect().close();
        try (FileChannel broker = FileChannel.open(folder.resolve("broker.mv.db"), StandardOpenOption.WRITE)) {
            assertThat(broker.lock().isValid()).isTrue();

            assertThat(examined(embedded(folder))).singleElement().satisfies(check -> {
                assertThat(check.verdict()).isEqualTo(Verdict.OK);
                assertThat(check.found()).contains("in use by a running broker");
            });
        }
    }

    @Test
    void anEmptyDatabaseWaitsForItsFirstStart(@TempDir Path folder) throws Exception {
        embedded(folder).connect().close();

        assertThat(examined(embedded(folder)))
                .filteredOn(check -> check.name().equals("schema"))
                .singleElement()
                .satisfies(check -> assertThat(check.verdict()).isEqualTo(Verdict.WARNING));
    }

    @Test
    void clocksApartAreAWarningAndFarApartAFault() {
        assertThat(StoreCheckup.clock(Duration.ofSeconds(1), SKEW).verdict()).isEqualTo(Verdict.OK);
        assertThat(StoreCheckup.clock(Duration.ofSeconds(-5), SKEW).verdict()).isEqualTo(Verdict.WARNING);
        assertThat(StoreCheckup.clock(Duration.ofSeconds(31), SKEW).verdict()).isEqualTo(Verdict.FAULT);
    }

    @Test
    void itsAddressIsToldWithoutItsSecrets() {
        StoreAddress address = new StoreAddress(
                "jdbc:postgresql://user:pass@db:5432/xaa?password=secret&user=me",
                Optional.empty(),
                Optional.of(Secret.of("hidden")));

        assertThat(address.place()).isEqualTo("jdbc:postgresql://db:5432/xaa");
        assertThat(address.toString()).doesNotContain("secret", "hidden", "pass@");
    }
}
