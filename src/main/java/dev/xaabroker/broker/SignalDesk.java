package dev.xaabroker.broker;

import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Signal;
import dev.xaabroker.grant.User;
import dev.xaabroker.keys.KeyedHash;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.ledger.Happening;
import dev.xaabroker.ledger.Ledger;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.Ends;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends what an IdP says is over, for faces that have made sure that it is the IdP who says so. */
@ApplicationScoped
public class SignalDesk {

    /** How the ledger calls a signal; it is no decision on a request. */
    public static final String SIGNAL = "signal";

    private static final int LISTED = 20;

    private final ManagedConnections connections;
    private final Ends ends;
    private final Ending ending;
    private final KeyedHash hash;
    private final Ledger ledger;
    private final MeterRegistry meters;
    private final Clock clock;

    SignalDesk(
            ManagedConnections connections,
            Ends ends,
            Ending ending,
            KeyedHash hash,
            Ledger ledger,
            MeterRegistry meters,
            Clock clock) {
        this.connections = connections;
        this.ends = ends;
        this.ending = ending;
        this.hash = hash;
        this.ledger = ledger;
        this.meters = meters;
        this.clock = clock;
    }

    /** What became of a signal. */
    public enum Outcome {
        /** What it means is over, if it was not already. */
        ENDED,
        /** Nobody whom it means was ever here; should they come with such a login, it is over. */
        UNKNOWN_USER,
        /** It was handled before. */
        DUPLICATE;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Ends what the signal says: when this returns, no connect that begins gets a token through it, on any replica, and the
     * ledger says what was ended. The last thing is that the signal counts as handled, so that one whose handling was cut short
     * is handled again when it comes again.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable "store", "ledger" or "policy": it must not be acknowledged
     */
    public Outcome receive(Signal signal, String requestId) {
        Outcome outcome = handle(signal, requestId);
        meters.counter(
                        "xaa.signals.handled",
                        "kind",
                        signal.kind().word(),
                        "idp",
                        signal.idp().name(),
                        "outcome",
                        outcome.word())
                .increment();
        return outcome;
    }

    private Outcome handle(Signal signal, String requestId) {
        Policy policy = connections.current();
        Optional<String> id = id(signal);
        if (id.isPresent() && ends.isSeen(policy.tenant(), id.get())) {
            return Outcome.DUPLICATE;
        }
        Duration remembered = policy.maxSessionAge();
        Ends.Logins logins = logins(policy.tenant(), signal);
        Ends.Ended ended = ending.by(
                signal.kind().word(),
                signal.received(),
                () -> ends.logins(logins, signal.kind().word(), remembered));
        ledger.append(entry(policy, signal, logins.user(), ended, requestId));
        id.ifPresent(seen -> ends.see(policy.tenant(), seen, remembered));
        return ended.known() ? Outcome.ENDED : Outcome.UNKNOWN_USER;
    }

    private static Optional<String> id(Signal signal) {
        return Optional.ofNullable(signal.id())
                .map(id -> signal.idp().issuer() + "\n" + signal.kind().word() + "\n" + id);
    }

    private Ends.Logins logins(String tenant, Signal signal) {
        IdentityProviderEntry idp = signal.idp();
        Signal.Whose whose = signal.whose();
        String subject = whose.subject();
        String session = whose.session();
        String email = whose.email();
        return new Ends.Logins(
                tenant,
                idp.issuer(),
                subject == null
                        ? null
                        : hash.user(tenant, idp.issuer(), subject).pseudonym(),
                session == null ? null : hash.idpSession(tenant, idp.issuer(), session),
                email == null ? null : hash.email(tenant, idp.issuer(), email),
                signal.upTo());
    }

    private Entry entry(Policy policy, Signal signal, @Nullable String user, Ends.Ended ended, String requestId) {
        return Happening.of(SIGNAL, signal.kind().word())
                .user(user == null ? null : new User(user))
                .revision(policy.revision())
                .detail("idp=" + signal.idp().name() + " up_to=" + signal.upTo() + " " + told(ended))
                .entry(clock.instant(), requestId, policy.tenant());
    }

    /** What an end did, for the ledger: how many, and the first of them. */
    static String told(Ends.Ended ended) {
        String sessions = ended.sessions().isEmpty()
                ? ""
                : " ended="
                        + String.join(
                                ",", ended.sessions().stream().limit(LISTED).toList());
        return "sessions=" + ended.sessions().size() + " tokens=" + ended.tokens() + sessions;
    }
}
