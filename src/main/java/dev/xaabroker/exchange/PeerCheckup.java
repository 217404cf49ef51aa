package dev.xaabroker.exchange;

import dev.xaabroker.grant.Check;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import dev.xaabroker.keys.ClientAssertions;
import dev.xaabroker.outbound.Outbound;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Looks at what connects need of an IdP or a server, outside the application: with the requests, the rules and the readers
 * of a broker, and without a token of any user. What it presents is made up, and can be honoured by nobody.
 */
public final class PeerCheckup implements AutoCloseable {

    /** A checkup asks each registration and each pair once: no budget that a large file could run into. */
    private static final int NO_BUDGET = 1_000_000;

    private final Outbound.Alone outbound;
    private final IdentityProviderCheckup identityProviders;
    private final ServerCheckup servers;

    /**
     * How to look.
     *
     * @param development opens loopback addresses, and plain http on them
     * @param trustCertificates a PEM bundle of certificates to trust beside the JDK's roots
     * @param skew how far a peer's clock may differ from ours
     * @param isReal whether credentials are those of the file, and no stand-in for what is missing
     */
    public record Manner(
            boolean development, Optional<Path> trustCertificates, Duration skew, Predicate<Credentials> isReal) {}

    /** A client that meets a server, with the scopes that its connections give there. */
    public record Pair(Client client, Server server, Scopes scopes) {}

    private PeerCheckup(Outbound.Alone outbound, Manner manner) {
        this.outbound = outbound;
        Overheard overheard = new Overheard(outbound);
        Clock clock = Clock.systemUTC();
        ExchangeConfig config = new OnlyOnce(NO_BUDGET);
        Discovery discovery = new Discovery(overheard, clock, config);
        TokenEndpoint endpoint = new TokenEndpoint(
                overheard, new PeerAuthentication(new ClientAssertions(clock)), discovery, new Pace(config), clock);
        MetadataCheckup metadata = new MetadataCheckup(overheard, clock, manner.skew());
        RegistrationCheckup registrations = new RegistrationCheckup(endpoint, manner.isReal());
        identityProviders = new IdentityProviderCheckup(
                discovery, new KeySets(overheard, discovery, clock, config), overheard, metadata, registrations);
        servers = new ServerCheckup(discovery, overheard, metadata, registrations);
    }

    /** The certificates to trust cannot be read. */
    public static final class UnusableTrust extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnusableTrust(IllegalStateException why) {
            super(why.getMessage(), null, false, false);
        }
    }

    /** @throws UnusableTrust when there is nothing to trust where the manner says so */
    public static PeerCheckup alone(Manner manner) {
        try {
            return new PeerCheckup(Outbound.alone(manner.development(), manner.trustCertificates()), manner);
        } catch (IllegalStateException unreadable) {
            throw new UnusableTrust(unreadable);
        }
    }

    /**
     * Everything about one IdP.
     *
     * @param pairs of clients that log in there; each client once is enough to look at its registration
     */
    public List<Check> identityProvider(IdentityProviderEntry idp, List<Client> clients, List<Pair> pairs) {
        return identityProviders.of(idp, clients, pairs);
    }

    /** Everything about one server and its authorization server, as those clients meet it. */
    public List<Check> server(Server server, List<Pair> pairs) {
        return servers.of(server, pairs);
    }

    @Override
    public void close() {
        outbound.close();
    }
}
