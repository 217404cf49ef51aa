package dev.xaabroker.session;

import dev.xaabroker.session.SignalStream.Degradation;
import dev.xaabroker.session.SignalStream.Made;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of one stream. */
@Entity
@Table(name = "signal_stream")
class SignalStreamRow {

    /** Fingerprint of tenant and identity provider. */
    @Id
    String id;

    String tenant;

    String idp;

    @Column(name = "begun_at")
    Instant begun;

    @Column(name = "stream_id")
    @Nullable
    String streamId;

    /** One a line. */
    @Nullable
    String audience;

    @Column(name = "poll_url")
    @Nullable
    String pollUrl;

    @Column(name = "made_for")
    @Nullable
    String madeFor;

    @Column(name = "silence_seconds")
    int silenceSeconds;

    @Enumerated(EnumType.STRING)
    SignalStream.Status status;

    @Nullable
    String seed;

    @Column(name = "asked_at")
    @Nullable
    Instant asked;

    @Column(name = "verified_at")
    @Nullable
    Instant verified;

    @Column(name = "heard_at")
    @Nullable
    Instant heard;

    @Column(name = "degraded_since")
    @Nullable
    Instant degradedSince;

    @Column(name = "degraded_because")
    @Nullable
    String degradedBecause;

    boolean told;

    void take(SignalStream stream) {
        Made made = stream.made();
        begun = stream.begun();
        streamId = made == null ? null : made.id();
        audience = made == null ? null : String.join("\n", made.audience());
        pollUrl = made == null ? null : made.pollUrl();
        madeFor = made == null ? null : made.madeFor();
        silenceSeconds = (int) stream.silence().toSeconds();
        status = stream.status();
        seed = stream.seed();
        asked = stream.asked();
        verified = stream.verified();
        heard = stream.heard();
        Degradation degraded = stream.degraded();
        degradedSince = degraded == null ? null : degraded.since();
        degradedBecause = degraded == null ? null : degraded.because();
        told = stream.told();
    }

    SignalStream stream() {
        return new SignalStream(
                begun,
                made(),
                Duration.ofSeconds(silenceSeconds),
                status,
                seed,
                asked,
                verified,
                heard,
                degradedSince == null ? null : new Degradation(degradedSince, String.valueOf(degradedBecause)),
                told);
    }

    private @Nullable Made made() {
        return streamId == null || madeFor == null
                ? null
                : new Made(
                        streamId,
                        audience == null || audience.isEmpty() ? List.of() : List.of(audience.split("\n")),
                        pollUrl,
                        madeFor);
    }
}
