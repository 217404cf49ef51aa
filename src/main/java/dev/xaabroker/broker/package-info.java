/**
 * The story of one connect request, told once, top to bottom, in {@link dev.xaabroker.broker.Broker}.
 */
@NullMarked
package dev.xaabroker.broker;

import org.jspecify.annotations.NullMarked;
