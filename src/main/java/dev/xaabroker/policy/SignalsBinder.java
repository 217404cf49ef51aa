package dev.xaabroker.policy;

import dev.xaabroker.grant.AssertionShape;
import dev.xaabroker.grant.Signals;
import dev.xaabroker.grant.Signals.Ssf;
import dev.xaabroker.grant.Signals.Way;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code signals} and {@code ssf} of an identity provider. */
final class SignalsBinder {

    private static final Map<String, Way> WAYS =
            Stream.of(Way.values()).collect(Collectors.toUnmodifiableMap(Way::word, way -> way));

    private final String tenant;
    private final Identifiers identifiers;
    private final References references;
    private final Findings findings;

    SignalsBinder(String tenant, Identifiers identifiers, References references, Findings findings) {
        this.tenant = tenant;
        this.identifiers = identifiers;
        this.references = references;
        this.findings = findings;
    }

    /**
     * Reads both.
     *
     * @param issuer the IdP's own: its stream's transmitter unless the file names another
     * @param recheck the IdP's
     * @param shape of its client assertions
     */
    Signals bind(Fields idp, String issuer, Duration recheck, AssertionShape shape) {
        Set<Way> ways = EnumSet.noneOf(Way.class);
        for (Text signal : idp.texts("signals").orElse(List.of())) {
            Values.choice(signal, "signals", WAYS, findings).ifPresent(ways::add);
        }
        if (idp.has("ssf")) {
            requireSsf(idp, ways);
        }
        return new Signals(
                ways,
                idp.secretFields("ssf", "`ssf` of " + idp.what())
                        .map(fields -> ssf(fields, issuer, recheck, shape))
                        .orElse(Ssf.of(issuer, tenant)));
    }

    /** A stream that is described and not listened to is a mistake that nobody would notice. */
    private void requireSsf(Fields idp, Set<Way> ways) {
        if (!idp.has("signals")) {
            idp.require("signals", "[ssf], since `ssf` is described");
        } else if (!ways.contains(Way.SSF)) {
            findings.at(
                    idp.key("signals"), "`signals` must list ssf, since `ssf` is described: add it, or remove `ssf`");
        }
    }

    private Ssf ssf(Fields fields, String issuer, Duration recheck, AssertionShape shape) {
        fields.text("transmitter").ifPresent(text -> identifiers.checkIssuer(text, "transmitter"));
        Ssf ssf = new Ssf(
                fields.text("transmitter").map(Text::value).orElse(issuer),
                fields.text("audience").map(Text::value).orElse(null),
                fields.text("tenant").map(Text::value).orElse(tenant),
                fields.text("authorization")
                        .flatMap(text -> references.secret(text, "authorization"))
                        .orElse(null),
                new StreamBinder(references, findings).bind(fields, recheck, shape));
        fields.done();
        return ssf;
    }
}
