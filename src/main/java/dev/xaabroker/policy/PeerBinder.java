package dev.xaabroker.policy;

import dev.xaabroker.grant.Network;
import dev.xaabroker.grant.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Reads how an IdP or a RAS is reached: {@code network}, {@code timeouts}, {@code maxConcurrent}, {@code send}. */
final class PeerBinder {

    private static final Map<String, Network> NETWORKS = Values.lowerCase(Network.values());
    private static final Duration MAX_TIMEOUT = Duration.ofSeconds(60);
    private static final int MAX_CONCURRENT = 10_000;

    private PeerBinder() {}

    /** @param name {@code idp:corp} or {@code ras:figma} */
    static Peer peer(Fields fields, String name) {
        Network network = Values.choice(fields, "network", NETWORKS).orElse(Network.PUBLIC);
        Duration timeout = fields.fields("timeouts", "`timeouts` of " + fields.what())
                .map(PeerBinder::timeout)
                .orElse(Peer.DEFAULT_TIMEOUT);
        int concurrent = Values.number(fields, "maxConcurrent", Peer.DEFAULT_MAX_CONCURRENT, MAX_CONCURRENT);
        return new Peer(name, network, timeout, concurrent);
    }

    private static Duration timeout(Fields timeouts) {
        timeouts.require("request", "the longest that one request may take, as 5s");
        Duration timeout = Values.duration(
                timeouts, "request", Peer.DEFAULT_TIMEOUT, MAX_TIMEOUT, "nobody waits longer for an answer");
        timeouts.done();
        return timeout;
    }

    /** {@code send: { resource, scope }}: whether this peer gets those parameters; both unless switched off. */
    static Send send(Fields fields) {
        return fields.fields("send", "`send` of " + fields.what())
                .map(send -> {
                    Send read = new Send(Values.flag(send, "resource", true), Values.flag(send, "scope", true));
                    send.done();
                    return read;
                })
                .orElse(new Send(true, true));
    }

    /** Origins other than the issuer's where the token endpoint may be (RULES D8). */
    static List<String> tokenEndpointOrigins(Fields fields, Identifiers identifiers) {
        List<Text> origins = fields.texts("tokenEndpointOrigins").orElse(List.of());
        origins.forEach(origin -> identifiers.checkOrigin(origin, "tokenEndpointOrigins"));
        return Values.plain(origins);
    }

    record Send(boolean resource, boolean scope) {}
}
