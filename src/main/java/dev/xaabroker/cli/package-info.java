/**
 * The {@code xaa} command: policy files directly, everything live over the admin face. It runs before the server boots and
 * instead of it, so there are no beans here: what a command needs it makes itself. {@link dev.xaabroker.cli.Xaa} is the
 * way in; each other class named {@code …Command} is one command.
 */
@NullMarked
package dev.xaabroker.cli;

import org.jspecify.annotations.NullMarked;
