package dev.xaabroker.grant;

/** A user under the pseudonym that stores and the ledger use: the tenant's keyed hash of {@code iss} and {@code sub}. */
public record User(String pseudonym) {}
