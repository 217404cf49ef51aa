package dev.xaabroker.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.junit.jupiter.api.Test;

class JwkSetsTest {

    @Test
    @Rules("J5")
    void publishesPublicMembersOnly() {
        String jwks = JwkSets.publish(List.of(Minted.RSA, Minted.EC, Minted.ED));
        List<?> keys = (List<?>) Minted.json(jwks).get("keys");
        assertThat(keys).hasSize(3).allSatisfy(key -> {
            Map<?, ?> jwk = (Map<?, ?>) key;
            assertThat(List.of("kty", "kid", "use", "alg", "n", "e", "crv", "x", "y"))
                    .containsAll(jwk.keySet().stream().map(String.class::cast).toList());
            assertThat(jwk.keySet().stream().map(Object::toString)).contains("kty", "kid", "use", "alg");
            assertThat(jwk.get("use")).isEqualTo("sig");
        });
        assertThat(keys.stream().map(key -> ((Map<?, ?>) key).get("kid") + " " + ((Map<?, ?>) key).get("alg")))
                .containsExactlyInAnyOrder(
                        Minted.RSA.id() + " RS256", Minted.EC.id() + " ES256", Minted.ED.id() + " EdDSA");
    }

    @Test
    void publishesAKeyOnceAndNothingAsAnEmptySet() {
        assertThat((List<?>) Minted.json(JwkSets.publish(List.of(Minted.EC, Minted.EC)))
                        .get("keys"))
                .hasSize(1);
        assertThat(JwkSets.publish(List.of())).isEqualTo("{\"keys\":[]}");
    }

    @Test
    void checksThatASetIsUsable() {
        assertThatCode(() -> JwkSets.check(Minted.jwks(Minted.RSA))).doesNotThrowAnyException();
        assertThatCode(() -> JwkSets.check(
                        "{\"keys\":[{\"kty\":\"NEW\"}," + Minted.ecJwk().toJson() + "]}"))
                .doesNotThrowAnyException();
        for (String wrong : List.of(
                "",
                "x",
                "[]",
                "{}",
                "{\"keys\":{}}",
                "{\"keys\":[]}",
                "{\"keys\":[7]}",
                "{\"keys\":[],\"keys\":[]}",
                "{\"keys\":[{\"kty\":\"EC\"}]}",
                set(Minted.rsaJwk(1024), OutputControlLevel.PUBLIC_ONLY),
                Minted.jwks(Minted.EC).replace("\"sig\"", "\"enc\""))) {
            assertThatThrownBy(() -> JwkSets.check(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    @Rules("K5")
    void refusesASetWithSecretsAndDoesNotRepeatThem() {
        for (JsonWebKey key : List.of(Minted.rsaJwk(2048), Minted.ecJwk(), Minted.edJwk())) {
            String jwks = set(key, OutputControlLevel.INCLUDE_PRIVATE);
            String secret =
                    (String) key.toParams(OutputControlLevel.INCLUDE_PRIVATE).get("d");
            assertThatThrownBy(() -> JwkSets.check(jwks))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("secret members")
                    .hasMessageNotContaining(secret);
        }
        assertThatThrownBy(() -> JwkSets.check("{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}"))
                .hasMessageContaining("secret members");
    }

    private static String set(JsonWebKey key, OutputControlLevel level) {
        return JsonUtil.toJson(Map.of("keys", List.of(key.toParams(level))));
    }
}
