package dev.xaabroker.policy;

import java.nio.file.Path;
import java.time.Instant;

/** A policy that has just been swapped in. */
record InForce(Policy policy, Instant at, Path file) {}
