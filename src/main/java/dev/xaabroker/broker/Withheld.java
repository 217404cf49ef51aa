package dev.xaabroker.broker;

import dev.xaabroker.grant.Refusal;

/** A refusal that has its ledger entry already. */
final class Withheld extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    Withheld(Refusal refusal) {
        super(refusal.getMessage(), null, false, false);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}
