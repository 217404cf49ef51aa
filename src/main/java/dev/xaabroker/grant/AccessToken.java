package dev.xaabroker.grant;

import java.time.Duration;
import java.time.Instant;

/**
 * An access token as a RAS issued it: opaque, never decoded (RFC 9068 s6; RULES E9).
 *
 * @param type {@code Bearer}, in the RAS's own spelling
 * @param scopes what it grants
 * @param issued when the answer arrived
 * @param upstreamLifetime how long the RAS says it lives; a RAS that says nothing is taken at 60 s for our own cache
 */
public record AccessToken(Secret value, String type, Scopes scopes, Instant issued, Duration upstreamLifetime) {}
