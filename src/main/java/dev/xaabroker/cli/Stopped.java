package dev.xaabroker.cli;

import dev.xaabroker.policy.PolicyInvalid;

/** A command cannot go on. The message is for people and says what to do; it holds no secret. Exit code 2. */
final class Stopped extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Stopped(String words) {
        super(words, null, false, false);
    }

    /** What to print for {@code failure}. */
    static String words(Throwable failure) {
        return failure instanceof Stopped || failure instanceof PolicyInvalid
                ? String.valueOf(failure.getMessage())
                : "failed: " + failure;
    }
}
