package dev.xaabroker.signals;

import dev.xaabroker.grant.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The form of a logout request: {@code logout_token}, once; other parameters are passed over (OIDC BCL s2.5). */
final class LogoutForm {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String LOGOUT_TOKEN = "logout_token";
    private static final int MOST_PARAMETERS = 64;

    private LogoutForm() {}

    /** @throws Problem.Stopped when it is anything else */
    static Secret token(@Nullable String contentType, String body) {
        if (contentType == null || !contentType.toLowerCase(Locale.ROOT).startsWith(FORM)) {
            throw Problem.malformed("Content-Type must be " + FORM + ".").stop();
        }
        String token = "";
        Set<String> names = new HashSet<>();
        for (String parameter : body.split("&", MOST_PARAMETERS)) {
            int equals = parameter.indexOf('=');
            String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
            if (!names.add(name)) {
                throw Problem.malformed("A parameter must not be repeated.").stop();
            }
            if (name.equals(LOGOUT_TOKEN)) {
                token = equals < 0 ? "" : decoded(parameter.substring(equals + 1));
            }
        }
        if (token.isEmpty()) {
            throw Problem.malformed("The parameter logout_token is missing.").stop();
        }
        return Secret.of(token);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.malformed("The body is not " + FORM + ".").stop();
        }
    }
}
