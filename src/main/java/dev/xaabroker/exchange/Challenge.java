package dev.xaabroker.exchange;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One challenge of a {@code WWW-Authenticate} header (RFC 9110 s11.6.1; RULES D1).
 *
 * @param scheme in lower case
 * @param parameters by name in lower case; of a repeated one the first
 */
record Challenge(String scheme, Map<String, String> parameters) {

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern PARAMETER =
            Pattern.compile("(" + TOKEN + ")[ \t]*=[ \t]*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(" + TOKEN + "))");
    private static final Pattern SCHEME = Pattern.compile("(" + TOKEN + ")(?:[ \t]+|(?=,)|$)");
    private static final Pattern TOKEN68 = Pattern.compile("[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))");
    private static final Pattern SEPARATOR = Pattern.compile("[ \t,]+");

    /** All challenges of a header whose lines were joined by commas; what cannot be read ends the list. */
    static List<Challenge> of(String header) {
        List<Challenge> challenges = new ArrayList<>();
        String rest = header.strip();
        while (!rest.isEmpty()) {
            Matcher separator = SEPARATOR.matcher(rest);
            Matcher parameter = PARAMETER.matcher(rest);
            Matcher scheme = SCHEME.matcher(rest);
            if (separator.lookingAt()) {
                rest = rest.substring(separator.end());
            } else if (!challenges.isEmpty() && parameter.lookingAt()) {
                challenges.getLast().add(parameter);
                rest = rest.substring(parameter.end());
            } else if (scheme.lookingAt()) {
                challenges.add(new Challenge(scheme.group(1).toLowerCase(Locale.ROOT), new LinkedHashMap<>()));
                rest = withoutToken68(rest.substring(scheme.end()));
            } else {
                return challenges;
            }
        }
        return challenges;
    }

    private void add(Matcher parameter) {
        String value = parameter.group(2) == null
                ? parameter.group(3)
                : parameter.group(2).replaceAll("\\\\(.)", "$1");
        parameters.putIfAbsent(parameter.group(1).toLowerCase(Locale.ROOT), value);
    }

    private static String withoutToken68(String rest) {
        Matcher token = TOKEN68.matcher(rest);
        return !PARAMETER.matcher(rest).lookingAt() && token.lookingAt() ? rest.substring(token.end()) : rest;
    }

    /** Where the first Bearer challenge that says so keeps the resource's metadata (RFC 9728 s5.1). */
    static Optional<String> resourceMetadata(String header) {
        return of(header).stream()
                .filter(challenge -> challenge.scheme().equals("bearer"))
                .flatMap(challenge -> Optional.ofNullable(challenge.parameters().get("resource_metadata")).stream())
                .findFirst();
    }
}
