/** Wiring only: configuration that no single room owns. Nothing depends on this package. */
@NullMarked
package dev.xaabroker;

import org.jspecify.annotations.NullMarked;
