package dev.xaabroker.grant;

/** The work cannot go on. The one exception of the house: it carries a {@link Failure} and no stack trace. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public Refusal(Failure failure) {
        super(failure.detail(), null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
