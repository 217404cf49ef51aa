package dev.xaabroker.broker;

import dev.xaabroker.grant.ConnectRequest;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.IdJag;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.User;
import dev.xaabroker.keys.Fingerprint;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.policy.Decision;
import dev.xaabroker.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one request has met so far: the notes from which its ledger entry is written, however far it got. */
final class Journey {

    private final ConnectRequest request;
    private final Instant began;
    private @Nullable Policy policy;
    private @Nullable Server server;
    private @Nullable User user;
    private @Nullable String sessionId;
    private Decision.@Nullable Allowed allowed;
    private List<String> notes = List.of();
    private @Nullable String cache;
    private @Nullable Exchanged exchanged;
    private boolean renewing;

    Journey(ConnectRequest request, Instant began) {
        this.request = request;
        this.began = began;
    }

    /** What the two legs took and left, for those who waited for the same flight too. */
    record Exchanged(Duration leg1, Duration leg2, String idJagIdHash, boolean weaker) {

        static Exchanged of(Duration leg1, Duration leg2, IdJag idJag) {
            return new Exchanged(leg1, leg2, Fingerprint.sha256(idJag.id()), idJag.weaker());
        }
    }

    /** The notes of what is done in the background for the next connect like this one, which got as far as this. */
    Journey renewal(Instant now) {
        Journey renewal = new Journey(request, now);
        renewal.policy = policy;
        renewal.server = server;
        renewal.user = user;
        renewal.sessionId = sessionId;
        renewal.allowed = allowed;
        renewal.notes = notes;
        renewal.renewing = true;
        return renewal;
    }

    Instant began() {
        return began;
    }

    void under(Policy policyInForce) {
        policy = policyInForce;
    }

    void to(Server named) {
        server = named;
    }

    void by(Login login) {
        user = login.identity().user();
        sessionId = login instanceof Login.InSession in ? in.session().id() : null;
    }

    void allowed(Decision.Allowed decision) {
        allowed = decision;
        notes = decision.notes();
    }

    /** What rules in audit mode would have done: it goes into the ledger whatever the answer is. */
    void noted(List<String> wouldHave) {
        notes = wouldHave;
    }

    void fromCache() {
        cache = "hit";
    }

    void joined() {
        cache = "joined";
    }

    void missed() {
        cache = "miss";
    }

    void exchanged(Exchanged legs) {
        exchanged = legs;
    }

    Entry granted(Instant now, Scopes granted, String tokenFingerprint) {
        return entry(now, "allowed", ruleReason(), granted.toString(), null, tokenFingerprint, notes());
    }

    /** A token that stands ready and was handed to nobody yet. */
    Entry renewed(Instant now, Scopes granted, String tokenFingerprint) {
        return entry(now, "renewed", ruleReason(), granted.toString(), null, tokenFingerprint, notes());
    }

    Entry withheld(Instant now, String tokenFingerprint, Failure why) {
        return entry(now, "withheld", why.reason(), null, null, tokenFingerprint, withNotes(why.detail()));
    }

    Entry refused(Instant now, Failure why) {
        String decision =
                switch (why) {
                    case Failure.Denied d -> "denied";
                    case Failure.StepUp d -> "denied";
                    case Failure.InvalidRequest d -> "denied";
                    case Failure.SessionDead d -> "denied";
                    case Failure.TooMany d -> "denied";
                    case Failure.PeerDenied d -> "denied";
                    case Failure.PeerFault d -> "failed";
                    case Failure.LongToken d -> "failed";
                    case Failure.AnswerLost d -> "failed";
                    case Failure.NotSent d -> "failed";
                    case Failure.Unavailable d -> "failed";
                };
        return entry(now, decision, why.reason(), null, peerError(why), null, withNotes(why.detail()));
    }

    private static @Nullable String peerError(Failure why) {
        return why instanceof Failure.PeerDenied denied ? denied.error() : null;
    }

    private String ruleReason() {
        return allowed == null ? "allowed" : "allowed:" + String.join(",", allowed.connections());
    }

    /** Scopes that the server does not have may be anything, a token sent in the wrong place too: their fingerprints stand here. */
    private String asked(Scopes scopes) {
        return scopes.values().stream()
                .map(scope -> server != null && server.scopes().values().contains(scope)
                        ? scope
                        : "unknown:" + Fingerprint.sha256(scope).substring(0, 12))
                .sorted()
                .collect(Collectors.joining(" "));
    }

    private @Nullable String notes() {
        return notes.isEmpty() ? null : String.join(" ", notes);
    }

    private String withNotes(String detail) {
        return notes.isEmpty() ? detail : detail + " (" + String.join(" ", notes) + ")";
    }

    private Entry entry(
            Instant now,
            String decision,
            String reason,
            @Nullable String granted,
            @Nullable String peerError,
            @Nullable String tokenFingerprint,
            @Nullable String detail) {
        return new Entry(
                now,
                request.id(),
                policy == null ? "" : policy.tenant(),
                user,
                request.client().id(),
                server == null ? null : server.name(),
                sessionId,
                allowed == null ? null : String.join(",", allowed.connections()),
                policy == null ? null : policy.revision(),
                request.scopes().map(this::asked).orElse(null),
                granted,
                decision,
                reason,
                renewing ? "renewed" : cache,
                exchanged == null ? null : exchanged.leg1(),
                exchanged == null ? null : exchanged.leg2(),
                peerError,
                exchanged == null ? null : exchanged.idJagIdHash(),
                tokenFingerprint,
                exchanged != null && exchanged.weaker(),
                detail);
    }
}
