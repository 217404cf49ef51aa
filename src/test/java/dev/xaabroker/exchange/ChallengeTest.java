package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChallengeTest {

    private static final String URL = "https://h.example/.well-known/oauth-protected-resource/mcp";

    @ParameterizedTest
    @Rules({"D1"})
    @ValueSource(
            strings = {
                "Bearer resource_metadata=\"URL\"",
                "bearer RESOURCE_METADATA=\"URL\"",
                "Bearer error=\"invalid_token\", error_description=\"no, \\\"never\\\"\", resource_metadata=\"URL\"",
                "Bearer resource_metadata=\"URL\", scope=\"a b\"",
                "Basic realm=\"x, Bearer resource_metadata=y\", Bearer resource_metadata = \"URL\"",
                "Negotiate, Bearer resource_metadata=\"URL\"",
                "Negotiate YWJj==, Bearer scope=a, resource_metadata=\"URL\"",
                "DPoP algs=\"ES256\", Bearer realm=\"r\", Bearer resource_metadata=\"URL\"",
                ", ,Bearer resource_metadata=\"URL\",,",
                "Bearer  realm=\"\" ,\tresource_metadata=\"URL\"",
                "Bearer resource_metadata=\"URL\", resource_metadata=\"https://evil.example\"",
            })
    void findsTheMetadataInEveryOrderAndSpelling(String header) {
        assertThat(Challenge.resourceMetadata(header.replace("URL", URL))).contains(URL);
    }

    @ParameterizedTest
    @Rules({"D1"})
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer realm=\"resource_metadata=URL\"",
                "Basic resource_metadata=\"URL\"",
                "Bearer error=\"x\" Basic, resource_metadata",
                "resource_metadata=\"URL\"",
                "Bearer resource_metadata=\"URL",
                "\"Bearer\" resource_metadata=\"URL\"",
            })
    void findsNoneWhereNoneIsSaid(String header) {
        assertThat(Challenge.resourceMetadata(header.replace("URL", "u"))).isEmpty();
    }

    @Test
    @Rules({"D1"})
    void keepsChallengesApart() {
        assertThat(Challenge.of("Basic realm=\"a\", charset=UTF-8, Bearer scope=b"))
                .extracting(Challenge::scheme)
                .containsExactly("basic", "bearer");
    }
}
