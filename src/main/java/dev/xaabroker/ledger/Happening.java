package dev.xaabroker.ledger;

import dev.xaabroker.grant.User;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened and is no answer to a request: a kill, a signal, a revocation. What nobody says of it is not in its
 * entry.
 */
public final class Happening {

    private final String decision;
    private final String reason;
    private String client = "";
    private @Nullable User user;
    private @Nullable String server;
    private @Nullable String sessionId;
    private @Nullable String rule;
    private @Nullable String revision;
    private @Nullable String tokenFingerprint;
    private @Nullable String detail;

    private Happening(String decision, String reason) {
        this.decision = decision;
        this.reason = reason;
    }

    /**
     * A happening.
     *
     * @param decision how the ledger calls it
     * @param reason its cause or kind, a stable word
     */
    public static Happening of(String decision, String reason) {
        return new Happening(decision, reason);
    }

    public Happening user(@Nullable User whose) {
        user = whose;
        return this;
    }

    public Happening client(String id) {
        client = id;
        return this;
    }

    public Happening server(@Nullable String name) {
        server = name;
        return this;
    }

    public Happening session(@Nullable String id) {
        sessionId = id;
        return this;
    }

    public Happening rule(@Nullable String id) {
        rule = id;
        return this;
    }

    /** The policy under which it happened. */
    public Happening revision(@Nullable String inForce) {
        revision = inForce;
        return this;
    }

    /** SHA-256 of the token that it is about. */
    public Happening token(@Nullable String fingerprint) {
        tokenFingerprint = fingerprint;
        return this;
    }

    public Happening detail(@Nullable String forTheOperator) {
        detail = forTheOperator;
        return this;
    }

    /** Its entry, under the id by which it is found. */
    public Entry entry(Instant time, String requestId, String tenant) {
        return new Entry(
                time,
                requestId,
                tenant,
                user,
                client,
                server,
                sessionId,
                rule,
                revision,
                null,
                null,
                decision,
                reason,
                null,
                null,
                null,
                null,
                null,
                tokenFingerprint,
                false,
                detail);
    }
}
