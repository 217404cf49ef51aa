package dev.xaabroker.grant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A token, password or assertion: usable by those who {@link #reveal()} it, never printed by anyone else. */
public final class Secret {

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /**
     * Wraps {@code value}.
     *
     * @throws IllegalArgumentException when it is empty
     */
    public static Secret of(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a secret must not be empty");
        }
        return new Secret(value);
    }

    /** The value itself: for sending it to the peer it is meant for, hashing, or sealing; for nothing else. */
    public String reveal() {
        return value;
    }

    /** Compares in time that does not depend on where the values differ (RULES K6). */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), that.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
