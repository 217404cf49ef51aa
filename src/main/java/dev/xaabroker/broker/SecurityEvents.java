package dev.xaabroker.broker;

import dev.xaabroker.exchange.SignalKeys;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Signal;
import dev.xaabroker.keys.JwtRejected;
import dev.xaabroker.keys.SecurityEventVerifier;
import dev.xaabroker.keys.SecurityEventVerifier.SecurityEvent;
import dev.xaabroker.ledger.Happening;
import dev.xaabroker.ledger.Ledger;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;

/** Takes Security Event Tokens, pushed or polled: verifies them, and does what they say (SSF, CAEP, RISC; RULES H5 to H10). */
@ApplicationScoped
public class SecurityEvents {

    /** How the ledger calls a signal that was understood and ended nothing. */
    public static final String NOTED = "noted";

    private static final Logger LOG = Logger.getLogger(SecurityEvents.class);

    private final SignalSources sources;
    private final SignalKeys keys;
    private final SecurityEventVerifier verifier;
    private final BiFunction<Signal, String, SignalDesk.Outcome> desk;
    private final StreamEvents streams;
    private final Ledger ledger;
    private final Clock clock;

    @Inject
    SecurityEvents(
            SignalSources sources,
            SignalKeys keys,
            SecurityEventVerifier verifier,
            SignalDesk desk,
            StreamEvents streams,
            Ledger ledger,
            Clock clock) {
        this(sources, keys, verifier, desk::receive, streams, ledger, clock);
    }

    SecurityEvents(
            SignalSources sources,
            SignalKeys keys,
            SecurityEventVerifier verifier,
            BiFunction<Signal, String, SignalDesk.Outcome> desk,
            StreamEvents streams,
            Ledger ledger,
            Clock clock) {
        this.sources = sources;
        this.keys = keys;
        this.verifier = verifier;
        this.desk = desk;
        this.streams = streams;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** What the transmitter is told. */
    public sealed interface Result {

        /** It may be acknowledged: what it says is done, durably, or was done before, or is nothing to us. */
        record Accepted() implements Result {}

        /**
         * It may not be acknowledged, and sending it again does not help.
         *
         * @param code an error code of RFC 8935 s2.4, or {@code invalid_state}
         * @param description safe to send
         */
        record Rejected(String code, String description) implements Result {}
    }

    private static final Result ACCEPTED = new Result.Accepted();
    private static final Set<String> NONE_CRITICAL = Set.of();
    private static final Set<String> STREAM_STATUSES = Set.of("enabled", "paused", "disabled");

    /**
     * Does what one SET says.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable or PeerFault: it is neither accepted nor rejected, and must come again
     */
    public Result receive(IdentityProviderEntry idp, Secret set, String requestId) {
        try {
            SecurityEvent event = verified(idp, set.reveal());
            return handle(idp, event, requestId);
        } catch (JwtRejected rejected) {
            return new Result.Rejected(code(rejected.part()), String.valueOf(rejected.getMessage()));
        } catch (SubjectIdentifiers.Malformed malformed) {
            return malformed(String.valueOf(malformed.getMessage()));
        }
    }

    private SecurityEvent verified(IdentityProviderEntry idp, String set) {
        String transmitter = idp.signals().ssf().transmitter();
        verifier.claimsToBeOf(set, transmitter);
        return keys.byTransmitter(idp, jwks -> verifier.verify(set, jwks, transmitter, sources.streamAudience(idp)));
    }

    private Result handle(IdentityProviderEntry idp, SecurityEvent event, String requestId) {
        return switch (EventType.of(event.type())) {
            case VERIFICATION -> verification(idp, event);
            case STREAM_UPDATED -> updated(idp, event);
            case UNKNOWN -> {
                LOG.infof("signal of an unknown type idp=%s event=%s request_id=%s", idp.name(), event, requestId);
                yield ACCEPTED;
            }
            case CREDENTIAL_CHANGE -> credentialChange(idp, event, requestId);
            case SESSION_REVOKED -> end(idp, event, Signal.Kind.SESSION_REVOKED, requestId);
            case ACCOUNT_DISABLED -> end(idp, event, Signal.Kind.ACCOUNT_DISABLED, requestId);
            case ACCOUNT_PURGED -> end(idp, event, Signal.Kind.ACCOUNT_PURGED, requestId);
            case CREDENTIAL_COMPROMISE -> end(idp, event, Signal.Kind.CREDENTIAL_COMPROMISE, requestId);
        };
    }

    private Result verification(IdentityProviderEntry idp, SecurityEvent event) {
        if (!(SubjectIdentifiers.any(event.subject(), idp, NONE_CRITICAL)
                instanceof SubjectIdentifiers.About.Stream(String streamId))) {
            return malformed("the subject of a verification is the stream, format opaque");
        }
        Object state = event.event().get("state");
        if (state != null && !(state instanceof String)) {
            return malformed("member state is no text");
        }
        return streams.verification(idp, streamId, (String) state)
                ? ACCEPTED
                : new Result.Rejected("invalid_state", "no verification with this state is outstanding");
    }

    private Result updated(IdentityProviderEntry idp, SecurityEvent event) {
        if (!(event.event().get("status") instanceof String status) || !STREAM_STATUSES.contains(status)) {
            return malformed("member status must be enabled, paused or disabled");
        }
        streams.updated(idp, status);
        return ACCEPTED;
    }

    private Result credentialChange(IdentityProviderEntry idp, SecurityEvent event, String requestId) {
        return switch (String.valueOf(event.event().get("change_type"))) {
            case "revoke", "update", "delete" -> end(idp, event, Signal.Kind.CREDENTIAL_CHANGE, requestId);
            case "create" -> {
                note(idp, Signal.Kind.CREDENTIAL_CHANGE, "a credential was added, which ends nothing", requestId);
                yield ACCEPTED;
            }
            default -> malformed("member change_type must be create, revoke, update or delete");
        };
    }

    private Result end(IdentityProviderEntry idp, SecurityEvent event, Signal.Kind kind, String requestId) {
        SubjectIdentifiers.About about = SubjectIdentifiers.any(event.subject(), idp, keys.criticalSubjectMembers(idp));
        switch (about) {
            case SubjectIdentifiers.About.Logins(Signal.Whose whose) -> {
                Instant received = clock.instant();
                SignalDesk.Outcome outcome = desk.apply(
                        new Signal(idp, kind, event.id(), whose, EventTimes.upTo(event, received), received),
                        requestId);
                LOG.infof(
                        "signal kind=%s idp=%s outcome=%s request_id=%s", kind.word(), idp.name(), outcome, requestId);
            }
            case SubjectIdentifiers.About.Nobody(String why) -> note(idp, kind, why, requestId);
            case SubjectIdentifiers.About.Stream stream ->
                note(idp, kind, "an opaque subject, which names nobody here", requestId);
        }
        return ACCEPTED;
    }

    /** Security must be able to see that a signal came and did nothing. */
    private void note(IdentityProviderEntry idp, Signal.Kind kind, String why, String requestId) {
        LOG.warnf("signal without effect kind=%s idp=%s why=%s request_id=%s", kind.word(), idp.name(), why, requestId);
        ledger.append(Happening.of(NOTED, kind.word())
                .detail("idp=" + idp.name() + " " + why)
                .entry(clock.instant(), requestId, idp.tenant()));
    }

    private static Result malformed(String description) {
        return new Result.Rejected("invalid_request", description);
    }

    private static String code(JwtRejected.Part part) {
        return switch (part) {
            case FORM -> "invalid_request";
            case KEY -> "invalid_key";
            case ISSUER -> "invalid_issuer";
            case AUDIENCE -> "invalid_audience";
        };
    }
}
