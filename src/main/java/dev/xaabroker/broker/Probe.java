package dev.xaabroker.broker;

import dev.xaabroker.grant.ConnectRequest;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Reason;
import java.util.function.Supplier;

/**
 * One thing that must be refused.
 *
 * @param at for which reason: what is refused for a later one got past the place that should have stopped it
 * @param asksIdp whether the IdP may be asked for its keys on the way there
 * @param prepare makes what is to be presented
 */
record Probe(String name, Reason at, boolean asksIdp, Supplier<Prepared> prepare) {

    /**
     * A request, and what is to be taken away after it.
     *
     * @param undo may be called once, whatever came of the request
     */
    record Prepared(ConnectRequest request, Runnable undo) {

        static Prepared of(ConnectRequest request) {
            return new Prepared(request, () -> {});
        }
    }

    /** What a probe has shown. */
    enum Verdict {
        /** It was refused where it must be. */
        REFUSED,
        /** Something before that place refused it, or does not answer now: it shows nothing. */
        UNCLEAR,
        /** It got past that place. */
        FAILED
    }

    /** What a refusal shows. Exhaustive, so that a new failure must say here where it stands. */
    Verdict judge(Failure failure) {
        return switch (failure) {
            case Failure.Denied denied -> {
                int order = denied.code().compareTo(at);
                yield order == 0 ? Verdict.REFUSED : order < 0 ? Verdict.UNCLEAR : Verdict.FAILED;
            }
            case Failure.InvalidRequest early -> Verdict.UNCLEAR;
            case Failure.TooMany early -> Verdict.UNCLEAR;
            case Failure.Unavailable down -> isPeer(down.part()) ? atPeer() : Verdict.UNCLEAR;
            case Failure.PeerFault fault -> atPeer();
            // A peer was asked for something, or was about to be: for nobody.
            case Failure.NotSent unsent -> Verdict.FAILED;
            case Failure.AnswerLost sent -> Verdict.FAILED;
            case Failure.SessionDead sent -> Verdict.FAILED;
            case Failure.PeerDenied sent -> Verdict.FAILED;
            case Failure.LongToken sent -> Verdict.FAILED;
            case Failure.StepUp late -> Verdict.FAILED;
        };
    }

    private Verdict atPeer() {
        return asksIdp ? Verdict.UNCLEAR : Verdict.FAILED;
    }

    private static boolean isPeer(String part) {
        return part.equals(Failure.Hop.IDP.code()) || part.equals(Failure.Hop.RAS.code());
    }
}
