package dev.xaabroker.ledger;

/** The append-only record of every decision. */
public interface Ledger {

    /**
     * Writes an entry and returns when it is durable. Entries that arrive together are committed together.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable "ledger" when it could not be written in time: no entry, no token
     */
    void append(Entry entry);
}
