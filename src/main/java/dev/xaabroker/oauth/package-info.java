/**
 * The face towards MCP clients: the token endpoint (RFC 8693), client authentication (RFC 6749 s2.3, RFC 7523), metadata
 * (RFC 8414) and the JWKS.
 */
@NullMarked
package dev.xaabroker.oauth;

import org.jspecify.annotations.NullMarked;
