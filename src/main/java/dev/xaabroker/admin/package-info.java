/**
 * The face towards IT, security and auditors: why a request is refused, which policies were in force, what the ledger saw.
 *
 * <p>{@link dev.xaabroker.admin.AdminAccess} decides at start how one gets in: with tokens of the enterprise IdP, with the
 * local token of an embedded broker, or not at all. Every method names the roles it asks for; no path does (ADR 11).
 */
@NullMarked
package dev.xaabroker.admin;

import org.jspecify.annotations.NullMarked;
