package dev.xaabroker.exchange;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.PublishedResource;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.outbound.Answer;
import dev.xaabroker.outbound.Outbound;
import dev.xaabroker.outbound.OutboundException;
import dev.xaabroker.outbound.OutboundException.Kind;
import java.util.List;
import java.util.Optional;

/**
 * Finds a server's protected resource metadata: where its challenge says, else at the well-known URL of its path, else at
 * the one of its host (MCP authorization, RFC 9728 s3, s5.1; RULES D1 to D4).
 */
final class ProtectedResources {

    private final Outbound outbound;
    private final Peer peer;

    ProtectedResources(Outbound outbound, Peer peer) {
        this.outbound = outbound;
        this.peer = peer;
    }

    /** Where a document may be, and the identifiers for which it is good there (RFC 9728 s3.3; RULES D3). */
    private record Place(String url, List<String> identifiers) {}

    PublishedResource find(String url, Optional<String> pinned) {
        if (Origin.of(url).isEmpty() || url.contains("#")) {
            throw fault("not the URL of a server: " + Quoted.of(url));
        }
        if (pinned.filter(resource -> !Origin.of(resource).equals(Origin.of(url)))
                .isPresent()) {
            throw fault("a pinned resource is of the server's own origin (RULES D3)");
        }
        Optional<String> said = challenged(url);
        if (said.isPresent()) {
            Answer answer = get(said.get());
            if (answer.status() != 200) {
                throw fault("its challenge names " + Quoted.of(said.get()) + ", which answers " + answer.status());
            }
            return read(answer, new Place(said.get(), List.of(url)), pinned);
        }
        for (Place place : places(url)) {
            Answer answer = get(place.url());
            if (answer.status() == 429 || answer.status() >= 500) {
                throw unavailable(Quoted.of(place.url()) + " answers " + answer.status() + ": try again later");
            }
            if (answer.status() == 200) {
                return read(answer, place, pinned);
            }
            if (answer.status() < 400) {
                throw fault(Quoted.of(place.url()) + " answers " + answer.status());
            }
        }
        throw fault("publishes no protected resource metadata, neither in a challenge nor at "
                + places(url).stream().map(Place::url).toList()
                + ": ask its owner for its resource identifier and authorization server");
    }

    /** The path's own document first: the host's may belong to another server (RULES D1). */
    private static List<Place> places(String url) {
        Place own = new Place(WellKnown.protectedResource(url), List.of(url));
        String origin = WellKnown.authority(url);
        Place root = new Place(WellKnown.protectedResource(origin), List.of(origin, origin + "/"));
        return own.url().equals(root.url()) ? List.of(own) : List.of(own, root);
    }

    private Optional<String> challenged(String url) {
        try {
            Answer answer = outbound.getMetadata(peer, url);
            return answer.status() == 401
                    ? answer.header("www-authenticate").flatMap(Challenge::resourceMetadata)
                    : Optional.empty();
        } catch (OutboundException failed) {
            // One that answers a stranger with an endless stream says no more than one that answers 200.
            if (failed.kind() == Kind.LOST) {
                return Optional.empty();
            }
            throw unusable(failed);
        }
    }

    private Answer get(String url) {
        try {
            return outbound.getMetadata(peer, url);
        } catch (OutboundException failed) {
            throw unusable(failed);
        }
    }

    private PublishedResource read(Answer answer, Place place, Optional<String> pinned) {
        try {
            Document document = Document.parse(answer.body());
            String resource = document.required("resource");
            if (!place.identifiers().contains(resource) && !pinned.equals(Optional.of(resource))) {
                throw fault("resource mismatch: the document at " + Quoted.of(place.url()) + " is of "
                        + Quoted.of(resource) + " and not of "
                        + Quoted.of(place.identifiers().getFirst())
                        + "; if that is the same server, give --resource " + Quoted.of(resource));
            }
            List<String> servers = document.texts("authorization_servers").orElse(List.of());
            if (servers.isEmpty()) {
                throw fault("names no authorization server: its owner must say who issues tokens for it");
            }
            return new PublishedResource(
                    resource, servers, document.texts("scopes_supported").orElse(List.of()));
        } catch (Document.Malformed malformed) {
            throw fault("its metadata at " + Quoted.of(place.url()) + " is " + malformed.getMessage());
        }
    }

    private Refusal unusable(OutboundException failed) {
        return failed.kind() == Kind.REFUSED || failed.kind() == Kind.UNUSABLE
                ? fault(String.valueOf(failed.getMessage()))
                : unavailable(String.valueOf(failed.getMessage()));
    }

    private Refusal fault(String what) {
        return new PeerFault(Hop.RAS, peer.name(), what).refusal();
    }

    private static Refusal unavailable(String what) {
        return new Failure.Unavailable("server", java.time.Duration.ZERO, what).refusal();
    }
}
