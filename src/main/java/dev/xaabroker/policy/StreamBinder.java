package dev.xaabroker.policy;

import dev.xaabroker.grant.AssertionShape;
import dev.xaabroker.grant.SsfStream;
import dev.xaabroker.grant.SsfStream.Delivery;
import dev.xaabroker.grant.SsfStream.Management;
import java.time.Duration;
import java.util.Map;

/** Reads how an identity provider's stream of security events is received and looked after. */
final class StreamBinder {

    private static final Map<String, Delivery> DELIVERIES = Values.lowerCase(Delivery.values());
    private static final Duration LONGEST_POLL = Duration.ofSeconds(60);
    private static final Duration LONGEST_VERIFY = Duration.ofHours(1);
    private static final SsfStream STANDARD = SsfStream.BY_HAND;

    private final References references;
    private final Findings findings;

    StreamBinder(References references, Findings findings) {
        this.references = references;
        this.findings = findings;
    }

    /**
     * Reads the keys of {@code ssf} that are about the stream.
     *
     * @param recheck the identity provider's
     * @param shape of its client assertions
     */
    SsfStream bind(Fields ssf, Duration recheck, AssertionShape shape) {
        Delivery delivery = Values.choice(ssf, "delivery", DELIVERIES).orElse(Delivery.PUSH);
        Management management = management(ssf, shape);
        boolean managed = ssf.has("token") || ssf.has("auth");
        if (delivery == Delivery.POLL && !managed) {
            findings.at(ssf.key("delivery"), "`delivery: poll` needs `token` or `auth`: what the broker fetches with");
        }
        if (delivery == Delivery.PUSH && ssf.has("pollEvery")) {
            requirePoll(ssf);
        }
        onlyManaged(ssf, "verifyEvery", managed);
        onlyManaged(ssf, "degradedRecheck", managed);
        return new SsfStream(
                delivery,
                management,
                Values.duration(ssf, "pollEvery", STANDARD.pollEvery(), LONGEST_POLL, "a signal waits for it"),
                Values.duration(ssf, "verifyEvery", STANDARD.verifyEvery(), LONGEST_VERIFY, "silence is noticed by it"),
                degradedRecheck(ssf, recheck));
    }

    private void requirePoll(Fields ssf) {
        if (ssf.has("delivery")) {
            findings.at(ssf.key("pollEvery"), "`pollEvery` is for `delivery: poll`: remove it");
        } else {
            ssf.require("delivery", "poll, since `pollEvery` is set");
        }
    }

    private void onlyManaged(Fields ssf, String key, boolean managed) {
        if (ssf.has(key) && !managed) {
            findings.at(
                    ssf.key(key),
                    "`" + key
                            + "` needs `token` or `auth`: without one the broker cannot tell whether the stream is silent");
        }
    }

    private static Duration degradedRecheck(Fields ssf, Duration recheck) {
        Duration standard = STANDARD.degradedRecheck();
        return Values.duration(
                ssf,
                "degradedRecheck",
                standard.compareTo(recheck) > 0 ? recheck : standard,
                recheck,
                "it is what `recheck` drops to");
    }

    private Management management(Fields ssf, AssertionShape shape) {
        if (ssf.has("token") && ssf.has("auth")) {
            findings.at(ssf.key("auth"), "`token` and `auth` are two ways to one right: remove one");
        }
        if (ssf.has("auth")) {
            return ssf.secretFields("auth", "`auth` of " + ssf.what())
                    .flatMap(auth -> new CredentialsBinder(references).atPeer(auth, shape))
                    .<Management>map(Management.Registration::new)
                    .orElseGet(Management.ByHand::new);
        }
        return ssf.text("token")
                .flatMap(text -> references.secret(text, "token"))
                .<Management>map(Management.Token::new)
                .orElseGet(Management.ByHand::new);
    }
}
