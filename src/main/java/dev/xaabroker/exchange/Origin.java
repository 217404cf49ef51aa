package dev.xaabroker.exchange;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The origin of an http(s) URL (RFC 6454 s4). Anything unusual in the authority has no origin, and so equals none. */
final class Origin {

    private static final Pattern URL =
            Pattern.compile("(https?)://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(?::([0-9]{1,5}))?(?:[/?#].*)?");

    private Origin() {}

    static Optional<String> of(String url) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String scheme = parts.group(1);
        String port = parts.group(3) != null ? parts.group(3) : scheme.equals("https") ? "443" : "80";
        return Optional.of(scheme + "://" + parts.group(2).toLowerCase(Locale.ROOT) + ":" + port);
    }
}
