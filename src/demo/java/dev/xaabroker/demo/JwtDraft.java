package dev.xaabroker.demo;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A JWT about to be signed. It is built by hand and not with a library, because a library rightly refuses to make most of
 * what {@link JwtFlaw} needs.
 */
public final class JwtDraft {

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    /** The JOSE header; {@code alg} decides how it is signed: RS256, HS256 (with the public key) or none. */
    public final Map<String, Object> header = new LinkedHashMap<>();

    public final Map<String, Object> claims = new LinkedHashMap<>();
    private DemoKey key;
    private @Nullable String rawMember;

    public JwtDraft(String typ, DemoKey key) {
        this.key = key;
        header.put("alg", "RS256");
        header.put("typ", typ);
        header.put("kid", key.kid());
    }

    public JwtDraft claim(String name, @Nullable Object value) {
        if (value == null) {
            claims.remove(name);
        } else {
            claims.put(name, value);
        }
        return this;
    }

    /** Adds a member as text, so that one can stand there twice. */
    public JwtDraft rawMember(String json) {
        rawMember = json;
        return this;
    }

    /** Signs with another key, keeping the header's {@code kid}. */
    public JwtDraft signWith(DemoKey other) {
        key = other;
        return this;
    }

    /** Makes it wrong in these ways. */
    public JwtDraft with(JwtFlaw... flaws) {
        return JwtFlaw.apply(Set.of(flaws), this);
    }

    public String sign() {
        String payload = Json.write(claims);
        if (rawMember != null) {
            payload = payload.substring(0, payload.length() - 1) + "," + rawMember + "}";
        }
        String input = encode(Json.write(header)) + "." + encode(payload);
        return input + "." + URL.encodeToString(signature(input.getBytes(StandardCharsets.US_ASCII)));
    }

    private byte[] signature(byte[] input) {
        return switch (String.valueOf(header.get("alg"))) {
            case "none" -> new byte[0];
            case "HS256" -> hmac(input);
            default -> key.sign(input);
        };
    }

    private byte[] hmac(byte[] input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.publicBytes(), "HmacSHA256"));
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(String json) {
        return URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
