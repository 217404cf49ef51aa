package dev.xaabroker.broker;

import dev.xaabroker.exchange.ServerDiscovery;
import dev.xaabroker.grant.Network;
import dev.xaabroker.grant.PublishedGuard;
import dev.xaabroker.grant.PublishedResource;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The entry that IT would write for a server, from what the server and its authorization server publish.
 *
 * @param url what was typed; an alias when the server calls itself differently
 * @param choices the authorization servers to choose from when there are several; then {@code guard} is empty
 */
public record Suggestion(
        String url, Network network, PublishedResource server, List<String> choices, Optional<PublishedGuard> guard) {

    public Suggestion {
        choices = List.copyOf(choices);
    }

    /**
     * What to look at.
     *
     * @param pinned a resource identifier that IT says is this server's
     * @param issuer which of several authorization servers to pin
     * @param development opens loopback addresses, and plain http on them
     */
    public record Wish(
            String url, Optional<String> pinned, Optional<String> issuer, Network network, boolean development) {}

    /**
     * Looks.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable or PeerFault; the detail says what to do
     */
    public static Suggestion of(Wish wish) {
        try (ServerDiscovery discovery = ServerDiscovery.alone(wish.network(), wish.development())) {
            PublishedResource server = discovery.resource(wish.url(), wish.pinned());
            List<String> named = server.authorizationServers();
            // Their order carries no weight (RULES D4): with several it is IT who pins one.
            Optional<String> issuer =
                    wish.issuer().or(() -> named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty());
            if (issuer.filter(named::contains).isEmpty()) {
                return new Suggestion(wish.url(), wish.network(), server, named, Optional.empty());
            }
            return new Suggestion(
                    wish.url(),
                    wish.network(),
                    server,
                    List.of(),
                    Optional.of(discovery.authorizationServer(issuer.get())));
        }
    }

    /** The scopes to list: the server's own, else those of its authorization server, which may be more. */
    public Set<String> scopes() {
        return new TreeSet<>(
                server.scopes().isEmpty() ? guard.map(PublishedGuard::scopes).orElse(List.of()) : server.scopes());
    }

    /** A name for the entry, from the host: {@code figma} of {@code mcp.figma.example}. */
    public String name() {
        String host = String.valueOf(URI.create(server.resource()).getHost()).toLowerCase(Locale.ROOT);
        if (!host.matches("[a-z0-9.-]*[a-z][a-z0-9.-]*")) {
            return "new-server";
        }
        Set<String> labels = new LinkedHashSet<>(List.of(host.split("\\.")));
        labels.removeAll(List.of("mcp", "www", "api"));
        return labels.stream().findFirst().orElse("new-server");
    }

    /** The registration method to use, the safest that both sides know; absent when the broker knows none of them. */
    public Optional<String> method() {
        List<String> offered = guard.map(PublishedGuard::authMethods).orElse(List.of());
        return List.of("private_key_jwt", "client_secret_basic", "client_secret_post").stream()
                .filter(offered::contains)
                .findFirst();
    }

    /** What IT must know before it uses the entry; empty when nothing stands against it. */
    public List<String> obstacles() {
        List<String> obstacles = new ArrayList<>();
        if (!choices.isEmpty()) {
            obstacles.add("it names several authorization servers: choose one with --authorization-server");
        }
        guard.ifPresent(as -> {
            if (as.redeems() == PublishedGuard.Redeems.NO) {
                obstacles.add(
                        "its authorization server lists neither the id-jag profile nor the jwt-bearer grant: connects"
                                + " will fail until it does; if it supports them all the same, set assumeCapable: true");
            }
            if (method().isEmpty()) {
                obstacles.add("its authorization server offers no client authentication that the broker knows: a public"
                        + " client cannot redeem ID-JAGs");
            }
        });
        return obstacles;
    }
}
