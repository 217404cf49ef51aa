/**
 * The face without a door: what must happen though nobody asks for it. Timers only; what they do is the broker's, and each
 * replica runs them, leased where one at a time is enough.
 */
@NullMarked
package dev.xaabroker.upkeep;

import org.jspecify.annotations.NullMarked;
