/**
 * Face: what identity providers send when something is over, by push. Back-channel logout, Shared Signals, and Global Token
 * Revocation, each at a path of its own per identity provider. Nothing is acknowledged that is not done.
 */
@NullMarked
package dev.xaabroker.signals;

import org.jspecify.annotations.NullMarked;
