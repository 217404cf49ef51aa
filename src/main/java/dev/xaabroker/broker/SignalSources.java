package dev.xaabroker.broker;

import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Signals.Way;
import dev.xaabroker.policy.ManagedConnections;
import dev.xaabroker.session.SignalStream;
import dev.xaabroker.session.SignalStreams;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Who may send signals, by which way, and as whom they know the broker. */
@ApplicationScoped
public class SignalSources {

    private static final String PATH = "/signals/";

    private final ManagedConnections connections;
    private final SignalStreams streams;
    private final SignalsConfig config;

    SignalSources(ManagedConnections connections, SignalStreams streams, SignalsConfig config) {
        this.connections = connections;
        this.streams = streams;
        this.config = config;
    }

    /**
     * The identity provider of that name, when its entry lists that way. Disabled or not: what it says is over is over.
     *
     * @throws dev.xaabroker.grant.Refusal when there is no policy
     */
    public Optional<IdentityProviderEntry> find(String name, Way way) {
        return connections.current().identityProvider(name).filter(idp -> idp.signals()
                .comeBy(way));
    }

    /** What the IdP calls the clients whose logins are held here. */
    Set<String> clientIds(IdentityProviderEntry idp) {
        return connections.current().clients().stream()
                .filter(client -> client.identityProvider().equals(idp.name()))
                .map(client -> client.atIdentityProvider().clientId())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whom its SETs are for. */
    String streamAudience(IdentityProviderEntry idp) {
        String agreed = idp.signals().ssf().audience();
        return agreed != null ? agreed : audienceOfStream(idp).orElseGet(() -> address("ssf", idp));
    }

    /** What the transmitter itself said when the broker made the stream there, and names as it likes (SSF s8.1.1). */
    private Optional<String> audienceOfStream(IdentityProviderEntry idp) {
        return idp.signals().ssf().stream().isManaged()
                ? streams.find(idp.tenant(), idp.name())
                        .map(SignalStream::made)
                        .flatMap(made -> made.audience().stream().findFirst())
                : Optional.empty();
    }

    /** Where its stream pushes to. */
    String pushAddress(IdentityProviderEntry idp) {
        return address("ssf", idp);
    }

    /** Whom its revocation requests may be for: the endpoint, as Okta has it, or the broker. */
    Set<String> revocationAudiences(IdentityProviderEntry idp) {
        return Set.of(address("revocation", idp), config.address());
    }

    private String address(String way, IdentityProviderEntry idp) {
        String base = config.address();
        return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + PATH + way + "/" + idp.name();
    }
}
