package dev.xaabroker.keys;

/** A sealed value does not open. The message holds nothing of its content. */
public final class SealBroken extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SealBroken(String message) {
        super(message, null, false, false);
    }
}
