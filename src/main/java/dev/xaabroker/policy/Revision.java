package dev.xaabroker.policy;

import java.time.Instant;

/**
 * One policy that was in force.
 *
 * @param revision SHA-256 of the canonical content, hex
 * @param loadedAt when it last came into force on any broker; a policy that is gone back to comes into force again
 * @param loadedBy the broker that loaded it then: {@code os-user@host:process}
 * @param file the file or folder that it was read from
 */
public record Revision(String revision, String tenant, Instant loadedAt, String loadedBy, String file) {}
