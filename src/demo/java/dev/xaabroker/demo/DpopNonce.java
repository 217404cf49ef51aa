package dev.xaabroker.demo;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Whether a DPoP proof carries the nonce that was asked for (RFC 9449 s8); its signature is not looked at. */
final class DpopNonce {

    private DpopNonce() {}

    static boolean isIn(@Nullable String proof, String nonce) {
        if (proof == null || !proof.matches("[^.]+\\.[^.]+\\.[^.]+")) {
            return false;
        }
        String payload = proof.substring(proof.indexOf('.') + 1, proof.lastIndexOf('.'));
        String json = new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8);
        return nonce.equals(Json.read(json).get("nonce"));
    }
}
