package dev.xaabroker.oauth;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of one token request (RFC 6749 s3.2, appendix B). An empty value counts as absent, and a parameter that
 * stands twice ends the request (RULES A2).
 *
 * <p>Read here and not by a decoder of query strings: those end at a {@code #}, split at a {@code ;} and replace broken
 * UTF-8, and the request that is decided would not be the one that was sent.
 */
final class Form {

    private static final int MOST_PARAMETERS = 64;

    private final Map<String, List<String>> values;

    private Form(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Parses a body.
     *
     * @throws dev.xaabroker.grant.Refusal InvalidRequest when it is not form-encoded, or repeats a parameter
     */
    static Form parse(String body) {
        Map<String, List<String>> values = new HashMap<>();
        int parameters = 0;
        for (String parameter : body.split("&", -1)) {
            if (parameter.isEmpty()) {
                continue;
            }
            if (++parameters > MOST_PARAMETERS) {
                throw new Failure.InvalidRequest("too many parameters").refusal();
            }
            int equals = parameter.indexOf('=');
            String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
            String value = equals < 0 ? "" : decoded(parameter.substring(equals + 1));
            values.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
        }
        values.forEach((name, all) -> {
            if (all.size() > 1 && !name.equals("resource")) {
                throw new Failure.InvalidRequest("a parameter must not be repeated (RFC 6749 s3.2)").refusal();
            }
        });
        return new Form(values);
    }

    private static String decoded(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        try {
            for (int at = 0; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '%') {
                    bytes.write(HexFormat.fromHexDigits(text, at + 1, at + 3));
                    at += 2;
                } else if (c >= ' ' && c <= '~') {
                    bytes.write(c == '+' ? ' ' : c);
                } else {
                    throw notEncoded();
                }
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw notEncoded();
        }
    }

    private static Refusal notEncoded() {
        return new Failure.InvalidRequest("the body is not application/x-www-form-urlencoded").refusal();
    }

    Optional<String> get(String name) {
        return values.getOrDefault(name, List.of()).stream()
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    boolean has(String name) {
        return get(name).isPresent();
    }

    /**
     * The parameter, which must be there.
     *
     * @throws dev.xaabroker.grant.Refusal InvalidRequest
     */
    String require(String name) {
        return get(name)
                .orElseThrow(() -> new Failure.InvalidRequest("the parameter " + name + " is missing").refusal());
    }

    /**
     * The one {@code resource} (RFC 8707 s2): exactly one per connect.
     *
     * @throws dev.xaabroker.grant.Refusal Denied(SERVER_UNKNOWN) when missing, repeated or malformed
     */
    String resource() {
        List<String> all = values.getOrDefault("resource", List.of()).stream()
                .filter(value -> !value.isEmpty())
                .toList();
        if (all.isEmpty()) {
            throw badResource("The parameter resource is missing: send the MCP server's identifier (RFC 8707).");
        }
        if (all.size() > 1) {
            throw badResource("The parameter resource must be sent once: one connect reaches one server.");
        }
        String resource = all.get(0);
        if (resource.indexOf('#') >= 0 || !resource.matches("[A-Za-z][A-Za-z0-9+.-]*:\\S+")) {
            throw badResource("The resource must be an absolute URI without a fragment (RFC 8707 s2).");
        }
        return resource;
    }

    private static RuntimeException badResource(String text) {
        return Failure.Denied.of(Reason.SERVER_UNKNOWN, text).refusal();
    }
}
