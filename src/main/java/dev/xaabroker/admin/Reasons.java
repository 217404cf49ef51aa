package dev.xaabroker.admin;

/** Why somebody did something, as it goes into the ledger. */
final class Reasons {

    private static final int LONGEST = 90;

    private Reasons() {}

    static String checked(String reason) {
        if (reason.length() > LONGEST || !reason.matches("[\\x20-\\x7E]+")) {
            throw Problem.field("reason", "must be at most " + LONGEST + " printable ASCII characters")
                    .stop();
        }
        return reason;
    }
}
