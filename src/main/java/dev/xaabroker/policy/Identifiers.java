package dev.xaabroker.policy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks how identifiers are written. They stay the strings they are: nothing here normalises, and none is passed
 * through a URL type, because peers compare them code unit by code unit (RFC 8414 s3.3, RFC 8707 s2).
 */
final class Identifiers {

    private static final Pattern URL = Pattern.compile("(https?)://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?"
            + "(?<path>/[\\x21-\\x7E&&[^?#]]*)?(?<query>\\?[\\x21-\\x7E&&[^#]]*)?(?<fragment>#.*)?");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\]");

    private final boolean httpOnLoopback;
    private final Findings findings;

    Identifiers(boolean httpOnLoopback, Findings findings) {
        this.httpOnLoopback = httpOnLoopback;
        this.findings = findings;
    }

    /** An issuer identifier: no query, no fragment (RFC 8414 s2). */
    void checkIssuer(Text text, String key) {
        Matcher url = check(text, key);
        if (url != null && (url.group("query") != null || url.group("fragment") != null)) {
            findings.at(
                    text.at(),
                    "`" + key + "` is an issuer, which has no query and no fragment (RFC 8414 s2): remove them");
        }
    }

    /** A resource identifier: no fragment (RFC 8707 s2). */
    void checkResource(Text text, String key) {
        Matcher url = check(text, key);
        if (url != null && url.group("fragment") != null) {
            findings.at(
                    text.at(),
                    "`" + key + "` is a resource, which has no fragment (RFC 8707 s2): remove what follows #");
        }
    }

    /** Scheme, host and port, and nothing after them. */
    void checkOrigin(Text text, String key) {
        Matcher url = check(text, key);
        if (url != null && (url.group("path") != null || url.group("query") != null || url.group("fragment") != null)) {
            findings.at(
                    text.at(), "an entry of `" + key + "` is an origin: https://host or https://host:port, no path");
        }
    }

    private @org.jspecify.annotations.Nullable Matcher check(Text text, String key) {
        Matcher url = URL.matcher(text.value());
        if (!url.matches()) {
            findings.at(text.at(), "`" + key + "` must be an absolute https:// URL of plain ASCII, without user info");
            return null;
        }
        boolean loopback = LOOPBACK.matcher(url.group(2)).matches();
        if (url.group(1).equals("http") && !(httpOnLoopback && loopback)) {
            findings.at(
                    text.at(),
                    "`" + key + "` must be https (http only on loopback, with xaa.policy.allow-http-on-loopback)");
            return null;
        }
        return url;
    }
}
