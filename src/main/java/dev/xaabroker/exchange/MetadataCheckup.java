package dev.xaabroker.exchange;

import dev.xaabroker.grant.Check;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.outbound.Answer;
import dev.xaabroker.outbound.OutboundException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Says what came of looking for an issuer's metadata: found, its issuer, its token endpoint, its clock. */
final class MetadataCheckup {

    /** HTTP tells whole seconds, and the answer was under way. */
    private static final Duration GRAIN = Duration.ofSeconds(3);

    private final Overheard overheard;
    private final Clock clock;
    private final Duration skew;

    MetadataCheckup(Overheard overheard, Clock clock, Duration skew) {
        this.overheard = overheard;
        this.clock = clock;
        this.skew = skew;
    }

    /**
     * Whose metadata.
     *
     * @param entry where it stands in the file: {@code servers.figma}
     * @param key under which its issuer stands there
     */
    record Subject(String entry, String key, String issuer) {

        String line() {
            return key + " at " + entry;
        }
    }

    /** What was found; the metadata is there when a broker would use it. */
    record Found(Optional<Metadata> metadata, List<Check> checks) {}

    /** @param look asks as a broker does, and throws as it does */
    Found of(Subject subject, Supplier<Metadata> look) {
        List<Check> checks = new ArrayList<>();
        Optional<Metadata> metadata = Optional.empty();
        try {
            Metadata found = look.get();
            checks.add(Check.ok("metadata", place(subject).orElse(subject.issuer())));
            checks.add(Check.ok("issuer", found.issuer()));
            checks.add(Check.ok("token endpoint", found.tokenEndpoint()));
            metadata = Optional.of(found);
        } catch (Refusal refusal) {
            checks.addAll(why(subject, refusal));
        }
        clock(subject).ifPresent(checks::add);
        return new Found(metadata, checks);
    }

    private Optional<String> place(Subject subject) {
        return WellKnown.of(subject.issuer()).stream()
                .filter(url -> overheard
                        .answer(url)
                        .filter(answer -> answer.status() == 200)
                        .isPresent())
                .findFirst();
    }

    private List<Check> why(Subject subject, Refusal refusal) {
        Optional<Metadata> read = place(subject).flatMap(overheard::answer).flatMap(MetadataCheckup::parsed);
        if (read.isEmpty()) {
            return List.of(Check.fault("metadata", refusal.failure().detail(), unread(subject)));
        }
        Metadata said = read.get();
        Check found = Check.ok("metadata", place(subject).orElse(""));
        return said.issuer().equals(subject.issuer())
                ? List.of(
                        found,
                        Check.ok("issuer", said.issuer()),
                        Check.fault("token endpoint", refusal.failure().detail(), elsewhere(subject, said)))
                : List.of(found, otherIssuer(subject, said));
    }

    private static Optional<Metadata> parsed(Answer answer) {
        try {
            return Optional.of(Metadata.parse(answer.body()));
        } catch (Document.Malformed malformed) {
            return Optional.empty();
        }
    }

    private static Check otherIssuer(Subject subject, Metadata said) {
        String theirs = Quoted.of(said.issuer());
        String found = "its metadata says " + theirs + ", the file says " + subject.issuer();
        boolean slash = (theirs + "/").equals(subject.issuer()) || theirs.equals(subject.issuer() + "/");
        return Check.fault(
                "issuer",
                found + (slash ? ": a slash at the end is part of it" : ""),
                slash
                        ? "write it as they do, byte for byte: " + subject.key() + ": " + theirs + " at "
                                + subject.entry()
                        : "if that is the right server, write " + subject.key() + ": " + theirs + " at "
                                + subject.entry()
                                + "; if not, somebody answers in its name, and nothing is sent there");
    }

    private static String elsewhere(Subject subject, Metadata said) {
        return Origin.of(said.tokenEndpoint())
                .filter(origin -> origin.startsWith("https:")
                        || Origin.of(subject.issuer())
                                .filter(o -> o.startsWith("http:"))
                                .isPresent())
                .map(origin -> "if its owner says that this is right, list it: tokenEndpointOrigins: ["
                        + WellKnown.authority(Quoted.of(said.tokenEndpoint())) + "] at " + subject.entry())
                .orElse("its owner must publish a token endpoint that begins with https://");
    }

    private String unread(Subject subject) {
        return WellKnown.of(subject.issuer()).stream()
                .flatMap(url -> overheard.failure(url).stream())
                .findFirst()
                .map(failed -> remedy(failed, subject.entry()))
                .orElse("check " + subject.line() + ": metadata is looked for at " + WellKnown.of(subject.issuer()));
    }

    /** What to do about a request that brought no answer. */
    static String remedy(OutboundException failed, String entry) {
        String said = String.valueOf(failed.getMessage());
        if (said.contains("network: private") || said.contains("loopback address")) {
            return "if it stands inside your network, write network: private at " + entry
                    + "; if not, correct its address" + " or your DNS";
        }
        if (said.contains("not https")) {
            return "write an https:// address at " + entry
                    + "; plain http is for development on loopback (xaa.outbound.development)";
        }
        if (said.contains("Certificate") || said.contains("SSL") || said.contains("certification")) {
            return "let it present a certificate of that name; if a private authority issued it, name its certificate in"
                    + " xaa.outbound.trust-certificates";
        }
        return failed.kind() == OutboundException.Kind.REFUSED || failed.kind() == OutboundException.Kind.UNUSABLE
                ? "correct its address at " + entry + ", or have its owner mend what it answers"
                : "see that it runs and can be reached from this machine: DNS, firewall, network policy; its address stands"
                        + " at " + entry;
    }

    private Optional<Check> clock(Subject subject) {
        return WellKnown.of(subject.issuer()).stream()
                .flatMap(url -> overheard.answer(url).stream())
                .flatMap(answer -> answer.header("date").stream())
                .findFirst()
                .flatMap(this::difference)
                .map(this::clock);
    }

    /** How far their clock is ahead. */
    private Optional<Duration> difference(String date) {
        try {
            return Optional.of(Duration.between(
                    clock.instant(),
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant()));
        } catch (DateTimeException noDate) {
            return Optional.empty();
        }
    }

    private Check clock(Duration ahead) {
        Duration apart = ahead.abs();
        if (apart.compareTo(GRAIN) <= 0) {
            return Check.ok("clock", "as ours");
        }
        String found =
                "its clock is " + apart.toSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead of") + " ours";
        String fix = "set both clocks by NTP; beyond xaa.keys.clock-skew (" + skew.toSeconds()
                + " s) its tokens and our assertions are refused";
        return apart.compareTo(skew) > 0 ? Check.fault("clock", found, fix) : Check.warning("clock", found, fix);
    }
}
