/**
 * Keys and what is done with them: the key ring, sealing (AES-256-GCM), keyed hashes, signers, and one verifier per kind
 * of JWT. Nothing else in the house touches a cipher or parses a JWT.
 */
@NullMarked
package dev.xaabroker.keys;

import org.jspecify.annotations.NullMarked;
