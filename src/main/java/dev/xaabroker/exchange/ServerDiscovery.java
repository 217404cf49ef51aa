package dev.xaabroker.exchange;

import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.Network;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.PublishedGuard;
import dev.xaabroker.grant.PublishedResource;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.outbound.Outbound;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Finds out what IT would write about an MCP server that is not in the file yet: which resource it is, who issues tokens
 * for it, and whether that one redeems ID-JAGs (RFC 9728, RFC 8414; RULES D1 to D6, D9, D10).
 *
 * <p>For people only. A broker never follows what a server says about its authorization server: it uses the one that the
 * file pins (RULES D7).
 */
public final class ServerDiscovery implements AutoCloseable {

    private static final int CALLS_AT_ONCE = 4;

    private final Outbound.Alone outbound;
    private final ProtectedResources resources;
    private final Discovery discovery;
    private final Peer peer;

    ServerDiscovery(Outbound.Alone outbound, Peer peer) {
        this.outbound = outbound;
        this.peer = peer;
        this.resources = new ProtectedResources(outbound, peer);
        this.discovery = new Discovery(outbound, Clock.systemUTC(), new OnlyOnce(1));
    }

    /**
     * Prepares to look, outside the application.
     *
     * @param development opens loopback addresses, and plain http on them
     */
    public static ServerDiscovery alone(Network network, boolean development) {
        return new ServerDiscovery(
                Outbound.alone(development), new Peer("the server", network, Peer.DEFAULT_TIMEOUT, CALLS_AT_ONCE));
    }

    /**
     * Asks the server called {@code url} about itself.
     *
     * @param pinned an identifier of the same origin that IT says is this server's (RULES D3)
     * @throws Refusal Unavailable or PeerFault; the detail says what to do
     */
    public PublishedResource resource(String url, Optional<String> pinned) {
        return resources.find(url, pinned);
    }

    /**
     * Asks an authorization server about itself.
     *
     * @throws Refusal Unavailable or PeerFault
     */
    public PublishedGuard authorizationServer(String issuer) {
        if (Origin.of(issuer).isEmpty()) {
            throw new PeerFault(Hop.RAS, peer.name(), "not an issuer identifier: " + Quoted.of(issuer)).refusal();
        }
        Metadata metadata = discovery.published(peer, issuer);
        return new PublishedGuard(
                metadata.issuer(),
                metadata.tokenEndpoint(),
                !metadata.mayReceiveCredentials(metadata.tokenEndpoint(), List.of()),
                Capability.level(metadata),
                metadata.authMethods(),
                metadata.scopes(),
                metadata.revocationEndpoint().isPresent(),
                metadata.clientIdMetadata(),
                metadata.registrationEndpoint().isPresent());
    }

    @Override
    public void close() {
        outbound.close();
    }
}
