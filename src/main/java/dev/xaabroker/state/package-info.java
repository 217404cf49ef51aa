/**
 * Fast shared state: issued tokens and replay marks, in Redis, or in process when no Redis is configured.
 */
@NullMarked
package dev.xaabroker.state;

import org.jspecify.annotations.NullMarked;
