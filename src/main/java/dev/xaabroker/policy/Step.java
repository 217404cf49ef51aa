package dev.xaabroker.policy;

/**
 * One check of a decision.
 *
 * @param check the reason code with which it refuses: {@code client-disabled}, {@code user-not-in-group}
 * @param subject what it was about: the id of a client, server, IdP, deny rule or connection; empty when none is
 * @param detail for the operator, in words; no claim of the user beyond what the file itself asks for
 */
public record Step(String check, Outcome outcome, String subject, String detail) {}
