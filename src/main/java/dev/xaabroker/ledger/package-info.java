/**
 * The append-only audit ledger: no entry, no token. Group commit, one hash chain per writer, signed checkpoints.
 */
@NullMarked
package dev.xaabroker.ledger;

import org.jspecify.annotations.NullMarked;
