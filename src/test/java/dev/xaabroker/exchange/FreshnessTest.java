package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.outbound.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreshnessTest {

    @ParameterizedTest
    @Rules({"D11"})
    @CsvSource(
            delimiter = '|',
            value = {
                "public, max-age=3600|3600",
                "max-age=10|300",
                "max-age=99999999|86400",
                "no-store|300",
                "s-maxage=3600|300",
                "''|300"
            })
    void followsTheHeaderWithinFiveMinutesAndADay(String header, long seconds) {
        assertThat(Freshness.of(new Answer(200, Map.of("cache-control", header), "")))
                .isEqualTo(Duration.ofSeconds(seconds));
    }
}
