package dev.xaabroker.policy;

import java.util.List;
import java.util.Optional;

/**
 * Every policy that was ever in force, by its revision: where the {@code revision} of a ledger entry leads to. Each is kept
 * once, however often and by however many brokers it is loaded.
 */
public interface PolicyHistory {

    /**
     * The revisions in force most recently, newest first.
     *
     * @param limit at most this many; from 1 to 1000
     * @throws dev.xaabroker.grant.Refusal Unavailable "store" when the database does not answer
     */
    List<Revision> revisions(int limit);

    /**
     * The canonical content of which {@code revision} is the SHA-256; it holds references, never secrets. Absent when no
     * such revision was ever in force here, or when what is stored is not what was loaded.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable "store" when the database does not answer
     */
    Optional<String> content(String revision);
}
