/**
 * The demo world: an identity provider that really signs ID-JAGs, authorization servers that really check them and the MCP
 * servers they guard. It is also the set of fakes for the HTTP tests, which can be told to misbehave; so it knows nothing of
 * the broker and judges it by the RFCs alone. Plain Java, startable from any JVM; never part of a release.
 */
@NullMarked
package dev.xaabroker.demo;

import org.jspecify.annotations.NullMarked;
