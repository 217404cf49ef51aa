/**
 * The managed-connections file and the decisions made from it. Default deny, deny wins, no ordering (POLICY.md).
 */
@NullMarked
package dev.xaabroker.policy;

import org.jspecify.annotations.NullMarked;
