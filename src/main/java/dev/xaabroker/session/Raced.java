package dev.xaabroker.session;

/** Another transaction stored the same key first. */
final class Raced extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Raced() {
        super("another transaction stored the same key first", null, false, false);
    }
}
