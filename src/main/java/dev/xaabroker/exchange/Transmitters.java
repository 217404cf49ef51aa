package dev.xaabroker.exchange;

import dev.xaabroker.exchange.FetchedDocuments.Fetched;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.outbound.Answer;
import dev.xaabroker.outbound.Outbound;
import dev.xaabroker.outbound.OutboundException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the transmitters of Shared Signals publish about themselves (SSF 1.0 s7.1, s7.2). */
@ApplicationScoped
class Transmitters {

    /**
     * A transmitter's configuration, as far as the stream needs it. Its issuer is confirmed.
     *
     * @param criticalSubjectMembers empty when it says nothing
     */
    record Configuration(
            Optional<String> jwksUri,
            Set<String> criticalSubjectMembers,
            Optional<String> configurationEndpoint,
            Optional<String> statusEndpoint,
            Optional<String> verificationEndpoint) {}

    private static final Duration LONGEST_ABSENCE = Duration.ofSeconds(30);

    private final Outbound outbound;
    private final Clock clock;
    private final ExchangeConfig config;
    private final FetchedDocuments<Optional<Configuration>> documents;

    Transmitters(Outbound outbound, Clock clock, ExchangeConfig config) {
        this.outbound = outbound;
        this.clock = clock;
        this.config = config;
        this.documents = new FetchedDocuments<>(clock, config.refreshInterval());
    }

    /**
     * The configuration of the transmitter that the IdP's entry names; absent when it publishes none.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable, or PeerFault
     */
    Optional<Configuration> of(IdentityProviderEntry idp) {
        String issuer = idp.signals().ssf().transmitter();
        try {
            return documents.get(issuer, () -> fetch(idp.peer(), issuer));
        } catch (NotFetched failed) {
            throw failed.failure(Hop.IDP, idp.peer()).refusal();
        }
    }

    private Fetched<Optional<Configuration>> fetch(Peer peer, String issuer) {
        Answer answer = get(peer, WellKnown.ssfConfiguration(issuer));
        if (answer.status() == 429 || answer.status() >= 500) {
            throw NotFetched.unreachable(
                    "answered " + answer.status() + " for its ssf-configuration",
                    RetryAfter.of(answer, clock.instant()),
                    config.unreachableFor());
        }
        if (answer.status() == 404) {
            return new Fetched<>(Optional.empty(), absentFor());
        }
        if (answer.status() != 200) {
            throw NotFetched.unusable("answered " + answer.status() + " for its ssf-configuration");
        }
        return new Fetched<>(Optional.of(read(issuer, answer.body())), Freshness.of(answer));
    }

    /** Never believed for longer than any other look-up that found nothing (RULES D11). */
    private Duration absentFor() {
        return config.absentFor().compareTo(LONGEST_ABSENCE) > 0 ? LONGEST_ABSENCE : config.absentFor();
    }

    /** Like a key set, it may not redirect: what it says decides whose signatures are believed (RULES K2). */
    private Answer get(Peer peer, String url) {
        try {
            return outbound.getKeys(peer, url);
        } catch (OutboundException failed) {
            throw NotFetched.because(failed, config.unreachableFor());
        }
    }

    private static Configuration read(String issuer, String body) {
        try {
            Document document = Document.parse(body);
            String claimed = document.required("issuer");
            if (!claimed.equals(issuer)) {
                throw NotFetched.unusable(
                        "its ssf-configuration claims the issuer " + Quoted.of(claimed) + ", the file says " + issuer);
            }
            return new Configuration(
                    document.text("jwks_uri"),
                    Set.copyOf(document.texts("critical_subject_members").orElse(List.of())),
                    document.text("configuration_endpoint"),
                    document.text("status_endpoint"),
                    document.text("verification_endpoint"));
        } catch (Document.Malformed malformed) {
            throw NotFetched.unusable("its ssf-configuration is " + malformed.getMessage());
        }
    }
}
