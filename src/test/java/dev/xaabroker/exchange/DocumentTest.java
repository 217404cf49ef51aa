package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentTest {

    @ParameterizedTest
    @Rules({"D12"})
    @ValueSource(strings = {"", "null", "[]", "\"{}\"", "{", "{} {}", "{\"a\":1,\"a\":2}", "<html></html>"})
    void refusesWhatIsNotOneJsonObject(String body) {
        assertThatThrownBy(() -> Document.parse(body)).isInstanceOf(Document.Malformed.class);
    }

    @Test
    @Rules({"D12"})
    void refusesMoreThan256KilobytesCountedInBytes() {
        String fits = "{\"a\":\"" + "é".repeat((Document.MAX_BYTES - 8) / 2) + "\"}";

        assertThat(Document.parse(fits).has("a")).isTrue();
        assertThatThrownBy(() -> Document.parse(fits.replace("\"}", "é\"}"))).isInstanceOf(Document.Malformed.class);
    }

    @Test
    @Rules({"D12"})
    void aMessageQuotesNothingOfTheDocument() {
        assertThatThrownBy(() -> Document.parse("canary-token")).hasMessageNotContaining("canary");
    }

    @ParameterizedTest
    @Rules({"D12"})
    @ValueSource(
            strings = {
                "{\"issuer\":1,\"token_endpoint\":\"https://h/t\"}",
                "{\"issuer\":\"https://h\"}",
                "{\"issuer\":\"https://h\",\"token_endpoint\":[]}",
                "{\"issuer\":\"https://h\",\"token_endpoint\":\"https://h/t\",\"jwks_uri\":{}}",
                "{\"issuer\":\"https://h\",\"token_endpoint\":\"https://h/t\",\"grant_types_supported\":\"x\"}",
                "{\"issuer\":\"https://h\",\"token_endpoint\":\"https://h/t\",\"grant_types_supported\":[1]}"
            })
    void refusesMetadataWithAMemberOfTheWrongType(String body) {
        assertThatThrownBy(() -> Metadata.parse(body)).isInstanceOf(Document.Malformed.class);
    }

    @Test
    @Rules({"D12"})
    void ignoresMembersItDoesNotKnow() {
        Metadata metadata = Metadata.parse(
                "{\"issuer\":\"https://h\",\"token_endpoint\":\"https://h/t\",\"x\":{\"y\":[1,null]},\"jwks_uri\":null}");

        assertThat(metadata.jwksUri()).isEmpty();
        assertThat(metadata.authMethods()).containsExactly("client_secret_basic");
    }
}
