package dev.xaabroker.keys;

/** What is stored sealed, as far as a change of the ring must know it: implemented by whoever stores it. */
public interface SealedRecords {

    /**
     * Notes durably that records may be sealed under this key from now on.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable "store" when it cannot be noted now
     */
    void announce(String keyId);

    /**
     * Forgets a key that is to leave the ring, unless a record needs it.
     *
     * @return false when one does
     * @throws dev.xaabroker.grant.Refusal Unavailable "store" when that cannot be found out now
     */
    boolean release(String keyId);
}
