package dev.xaabroker.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Whether a text is written like a signed JWT (RFC 7519 s3, RFC 7515 s3.1). quarkus-oidc fails with a stack trace in the log
 * on some texts that are not, and a stranger must not be able to fill the log.
 */
final class JwtForm {

    private static final int LONGEST = 8 * 1024;
    private static final Pattern COMPACT = Pattern.compile("([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)\\.[A-Za-z0-9_-]+");
    private static final ObjectMapper JSON = new ObjectMapper();

    private JwtForm() {}

    static boolean isSignedJwt(String text) {
        if (text.length() > LONGEST) {
            return false;
        }
        var parts = COMPACT.matcher(text);
        return parts.matches()
                && isHeader(parts.group(1))
                && json(parts.group(2)).isObject();
    }

    private static boolean isHeader(String part) {
        JsonNode header = json(part);
        return header.path("alg").isTextual() && isTextOrAbsent(header, "typ") && isTextOrAbsent(header, "kid");
    }

    private static boolean isTextOrAbsent(JsonNode header, String name) {
        return header.path(name).isMissingNode() || header.path(name).isTextual();
    }

    private static JsonNode json(String part) {
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(part));
        } catch (JsonProcessingException | IllegalArgumentException notJson) {
            return JSON.missingNode();
        } catch (IOException impossible) {
            return JSON.missingNode();
        }
    }
}
