/**
 * SSO sessions, the SQL truth: adopt, find, rotate, end; handles; outstanding upstream tokens. Entities stay
 * package-private.
 */
@NullMarked
package dev.xaabroker.session;

import org.jspecify.annotations.NullMarked;
