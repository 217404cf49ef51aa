package dev.xaabroker.session;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one identity provider's security events, as the whole fleet knows it.
 *
 * @param begun since when it is looked after
 * @param made the stream at the transmitter; null until there is one
 * @param silence how long it may be without a verification
 * @param seed of the state of the verification that was last asked for, which only we can make of it; null when none was
 * @param asked when one was last asked for
 * @param verified when one last came
 * @param heard until when all that the transmitter had was fetched and dealt with; null when it is not fetched
 * @param degraded since when it cannot be relied on, and why; null while it can
 * @param told whether {@code degraded}, as it is, stands in the ledger
 */
public record SignalStream(
        Instant begun,
        @Nullable Made made,
        Duration silence,
        Status status,
        @Nullable String seed,
        @Nullable Instant asked,
        @Nullable Instant verified,
        @Nullable Instant heard,
        @Nullable Degradation degraded,
        boolean told) {

    /** What a transmitter does with a stream (SSF s8.1.2). */
    public enum Status {
        ENABLED,
        PAUSED,
        DISABLED
    }

    /**
     * A stream as its transmitter made it.
     *
     * @param audience {@code aud} of its events
     * @param pollUrl where they are fetched; null when they are pushed
     * @param madeFor fingerprint of what was asked for
     */
    public record Made(
            String id, List<String> audience, @Nullable String pollUrl, String madeFor) {

        public Made {
            audience = List.copyOf(audience);
        }
    }

    /** A stream that cannot be relied on. */
    public record Degradation(Instant since, String because) {}

    static SignalStream begin(Instant now) {
        return new SignalStream(now, null, Duration.ZERO, Status.ENABLED, null, null, null, null, null, true);
    }

    /**
     * Whether its signals can be relied on at {@code now}: it was verified lately, its transmitter sends, and it is fetched.
     *
     * @param unheard how long what is fetched may go without having been fetched
     */
    public boolean isWell(Instant now, Duration unheard) {
        return degraded == null && made != null && verified != null && ailment(now, unheard) == null;
    }

    /** What is wrong with it, for the operator; null when nothing is, or it is too early to tell. */
    public @Nullable String ailment(Instant now, Duration unheard) {
        if (status != Status.ENABLED) {
            return "the transmitter says that the stream is " + (status == Status.PAUSED ? "paused" : "disabled");
        }
        if (silence.isPositive() && !now.isBefore((verified == null ? begun : verified).plus(silence))) {
            return "no verification for " + silence.toSeconds() + " s";
        }
        if (heard != null && !now.isBefore(heard.plus(unheard))) {
            return "not fetched for " + unheard.toSeconds() + " s";
        }
        return null;
    }

    /** A stream was made or found, whose verification is not here yet. */
    public SignalStream made(Made stream, Duration silenceAllowed) {
        boolean same = made != null && made.id().equals(stream.id());
        return new SignalStream(
                begun,
                stream,
                silenceAllowed,
                same ? status : Status.ENABLED,
                same ? seed : null,
                same ? asked : null,
                same ? verified : null,
                same ? heard : null,
                degraded,
                told);
    }

    /** The stream is not what was asked for any more, or may be gone: it must be looked for. */
    public SignalStream doubted() {
        return made == null ? this : made(new Made(made.id(), made.audience(), made.pollUrl(), ""), silence);
    }

    /** A verification is asked for, by the state that is made of {@code of}. */
    public SignalStream asking(String of, Instant now) {
        return new SignalStream(begun, made, silence, status, of, now, verified, heard, degraded, told);
    }

    /** Whether the verification that was last asked for has not come yet. */
    public boolean isUnanswered() {
        return asked != null && (verified == null || verified.isBefore(asked));
    }

    /** The verification came: the transmitter sends, whatever it said before. */
    public SignalStream verified(Instant now) {
        return new SignalStream(begun, made, silence, Status.ENABLED, seed, asked, now, heard, degraded, told);
    }

    /** The transmitter says what it does with the stream. */
    public SignalStream withStatus(Status now) {
        return new SignalStream(begun, made, silence, now, seed, asked, verified, heard, degraded, told);
    }

    /** All that the transmitter had at {@code at} was fetched and dealt with. */
    public SignalStream heard(Instant at) {
        return new SignalStream(begun, made, silence, status, seed, asked, verified, at, degraded, told);
    }

    /** It cannot be relied on any more, unless that was known. */
    public SignalStream degraded(Instant now, String because) {
        return degraded != null ? this : judged(new Degradation(now, because), false);
    }

    /** It can be relied on again, unless it could all the time. */
    public SignalStream well() {
        return degraded == null ? this : judged(null, false);
    }

    /** How it stands has been written into the ledger. */
    public SignalStream noted() {
        return judged(degraded, true);
    }

    private SignalStream judged(@Nullable Degradation now, boolean known) {
        return new SignalStream(begun, made, silence, status, seed, asked, verified, heard, now, known);
    }
}
