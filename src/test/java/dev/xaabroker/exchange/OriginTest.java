package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {

    @Test
    @Rules({"D8"})
    void theDefaultPortAndTheCaseOfTheHostMakeNoDifference() {
        assertThat(Origin.of("https://Auth.Example/token")).isEqualTo(Origin.of("https://auth.example:443"));
    }

    @ParameterizedTest
    @Rules({"D8"})
    @ValueSource(
            strings = {
                "http://auth.example/token",
                "https://auth.example:444/token",
                "https://auth.example.evil.example/token",
                "https://evil.example/auth.example"
            })
    void otherOriginsAreOther(String url) {
        assertThat(Origin.of(url)).isPresent().isNotEqualTo(Origin.of("https://auth.example"));
    }

    @ParameterizedTest
    @Rules({"D8"})
    @ValueSource(
            strings = {
                "https://auth.example@evil.example/token",
                "https://auth.example\\@evil.example/token",
                "https://auth.example%2eevil.example/token",
                "//auth.example/token",
                "ftp://auth.example/token",
                "https://auth.example\n/token",
                ""
            })
    void whatIsUnusualHasNoOrigin(String url) {
        assertThat(Origin.of(url)).isEmpty();
    }
}
