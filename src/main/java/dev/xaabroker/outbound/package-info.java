/**
 * The one hardened HTTP client. Every request that leaves the broker goes through {@link dev.xaabroker.outbound.Outbound}:
 * https only, checked addresses, no redirects with credentials, capped sizes, time-outs, a limit per peer (RULES K1, K2).
 */
@NullMarked
package dev.xaabroker.outbound;

import org.jspecify.annotations.NullMarked;
