package dev.xaabroker.grant;

import java.time.Duration;
import java.util.Optional;

/**
 * Why the work could not go on. Each face maps it once, in an exhaustive switch.
 *
 * <p>{@link #detail()} is for the log and the ledger and never reaches a client; it holds no token and no secret.
 */
public sealed interface Failure {

    String detail();

    /** A stable code for clients and the ledger, {@code server-unknown} or {@code idp-unavailable}. */
    String reason();

    /** The request itself is malformed, or uses a parameter that is not supported. {@code text} is safe to show. */
    record InvalidRequest(String text) implements Failure {
        @Override
        public String detail() {
            return text;
        }

        @Override
        public String reason() {
            return "invalid-request";
        }
    }

    /**
     * Policy, or the state of the session, says no.
     *
     * @param rule the deny rule that decided it, or the connection that got furthest; empty when there is none
     * @param text what happened, safe to show
     * @param owner whom to ask
     */
    record Denied(Reason code, String rule, String text, Optional<String> owner, String detail) implements Failure {

        /** A denial that no rule of the file decided. */
        public static Denied of(Reason code, String text) {
            return new Denied(code, "", text, Optional.empty(), text);
        }

        @Override
        public String reason() {
            return code == Reason.DENIED_BY_RULE ? code.code() + ":" + rule : code.code();
        }
    }

    /** The login is too weak or too old, for policy or for the IdP (RFC 9470). Empty and negative mean not given. */
    record StepUp(String reason, String acrValues, long maxAgeSeconds, Optional<String> owner, String detail)
            implements Failure {}

    /** The IdP answered {@code invalid_grant} to a refresh grant: the session is over (RULES B10, H12). */
    record SessionDead(String detail) implements Failure {
        @Override
        public String reason() {
            return Reason.SESSION_ENDED.code();
        }
    }

    /** A peer understood the request and will not serve it: {@code access_denied}, {@code invalid_target}, ... */
    record PeerDenied(Hop hop, String peer, String error, String detail) implements Failure {
        @Override
        public String reason() {
            return hop.code() + "-denied";
        }
    }

    /** A peer answered nonsense, cannot do what is needed, or refuses the broker's own credentials. */
    record PeerFault(Hop hop, String peer, String detail) implements Failure {
        @Override
        public String reason() {
            return hop.code() + "-fault";
        }
    }

    /** The RAS issues tokens that live longer than five minutes, and the entry does not allow it. */
    record LongToken(String server, Duration lifetime) implements Failure {
        @Override
        public String detail() {
            return "the RAS of " + server + " issued a token that lives " + lifetime.toSeconds() + " s";
        }

        @Override
        public String reason() {
            return "long-token-refused";
        }
    }

    /** A part that is needed does not answer now: an IdP, a RAS, a store, the policy. */
    record Unavailable(String part, Duration retryAfter, String detail) implements Failure {
        @Override
        public String reason() {
            return part + "-unavailable";
        }
    }

    /**
     * A refresh token was sent to the IdP and no usable answer came back: it may be spent.
     *
     * @param successor the refresh token that an answer brought which proved nothing; empty when that is lost as well
     */
    record AnswerLost(Failure otherwise, Optional<Secret> successor) implements Failure {

        public AnswerLost(Failure otherwise) {
            this(otherwise, Optional.empty());
        }

        @Override
        public String detail() {
            return otherwise.detail();
        }

        @Override
        public String reason() {
            return otherwise.reason();
        }
    }

    /** A refresh token was not sent at all: whatever was known of it stands. */
    record NotSent(Failure otherwise) implements Failure {
        @Override
        public String detail() {
            return otherwise.detail();
        }

        @Override
        public String reason() {
            return otherwise.reason();
        }
    }

    /** The client or its source sends too much. */
    record TooMany(Duration retryAfter, String detail) implements Failure {
        @Override
        public String reason() {
            return "rate-limited";
        }
    }

    /** One of the two hops out. */
    enum Hop {
        /** Leg 1, the enterprise identity provider. */
        IDP,
        /** Leg 2, the resource authorization server. */
        RAS;

        public String code() {
            return this == IDP ? "idp" : "ras";
        }
    }

    default Refusal refusal() {
        return new Refusal(this);
    }
}
