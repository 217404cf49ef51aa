package dev.xaabroker.admin;

import org.jspecify.annotations.Nullable;

/** The bearer token of an {@code Authorization} header (RFC 6750 s2.1). */
final class Bearer {

    private static final String SCHEME = "Bearer ";

    private Bearer() {}

    /** The token, or null when the header is absent or of another scheme. */
    static @Nullable String of(@Nullable String header) {
        return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? header.substring(SCHEME.length()).strip()
                : null;
    }
}
