/**
 * The two hops out: leg 1 at the enterprise IdP (refresh grant, RFC 8693) and leg 2 at the resource authorization server
 * (RFC 8414 discovery, RFC 7523). Every answer is checked here before anyone else sees it.
 */
@NullMarked
package dev.xaabroker.exchange;

import org.jspecify.annotations.NullMarked;
