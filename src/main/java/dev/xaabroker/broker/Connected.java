package dev.xaabroker.broker;

import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import java.time.Duration;
import java.util.Optional;

/**
 * What a permitted connect hands to the client.
 *
 * @param tokenType {@code Bearer}, in the RAS's spelling
 * @param expiresIn how long the client may use the token; never above 300 s
 * @param handle the handle of a session that this request adopted, shown this once
 */
public record Connected(
        Secret accessToken, String tokenType, Scopes scopes, Duration expiresIn, Optional<Secret> handle) {}
