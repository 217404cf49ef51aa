package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.outbound.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @ParameterizedTest
    @Rules({"B10"})
    @CsvSource(
            delimiter = '|',
            value = {
                "7|7",
                "0|1",
                "86400|300",
                "999999999|300",
                "Sat, 21 Nov 2026 10:00:30 GMT|30",
                "Sat, 21 Nov 2026 09:00:00 GMT|1",
                "Sun, 22 Nov 2026 10:00:00 GMT|300",
                "soon|2",
                "-5|2"
            })
    void readsSecondsAndDatesWithinBounds(String header, long seconds) {
        Answer answer = new Answer(503, Map.of("retry-after", header), "");

        assertThat(RetryAfter.of(answer, NOW)).isEqualTo(Duration.ofSeconds(seconds));
    }
}
