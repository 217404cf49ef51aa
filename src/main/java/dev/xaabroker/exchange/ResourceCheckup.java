package dev.xaabroker.exchange;

import dev.xaabroker.grant.Check;
import dev.xaabroker.grant.PublishedResource;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Server;
import dev.xaabroker.outbound.Answer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a server says of itself (RFC 9728), beside what the file pins. The broker never follows it (RULES D7); clients do, and
 * a server that names others than the file does will refuse its tokens.
 */
final class ResourceCheckup {

    private final Overheard overheard;

    ResourceCheckup(Overheard overheard) {
        this.overheard = overheard;
    }

    /** What was found; the document is there when it is the server's own. */
    record Found(Optional<PublishedResource> published, List<Check> checks) {}

    Found of(Server server) {
        String entry = "servers." + server.name();
        try {
            PublishedResource said =
                    new ProtectedResources(overheard, server.peer()).find(server.resource(), Optional.empty());
            return new Found(
                    Optional.of(said),
                    List.of(Check.ok("resource", said.resource()), guard(server, said.authorizationServers(), entry)));
        } catch (Refusal refusal) {
            return new Found(Optional.empty(), List.of(why(server, refusal, entry)));
        }
    }

    private static Check guard(Server server, List<String> named, String entry) {
        if (named.contains(server.audience())) {
            return Check.ok("authorization server", server.audience());
        }
        String theirs = Quoted.of(String.join(" ", named));
        boolean slash = named.stream()
                .anyMatch(one -> (one + "/").equals(server.audience()) || one.equals(server.audience() + "/"));
        String found = "the server names " + theirs + ", the file pins " + server.audience();
        return slash
                ? Check.fault(
                        "authorization server",
                        found + ": a slash at the end is part of it",
                        "write it as they do, byte for byte: audience: " + theirs + " at " + entry)
                : Check.fault(
                        "authorization server",
                        found,
                        "ask its owner: if it moved, write audience: " + theirs + " and the registration there at "
                                + entry + "; until then its tokens come from the one that the file pins");
    }

    private Check why(Server server, Refusal refusal, String entry) {
        Optional<String> other = places(server).stream()
                .flatMap(url -> overheard.answer(url).stream())
                .filter(answer -> answer.status() == 200)
                .flatMap(answer -> resource(answer).stream())
                .filter(resource -> !resource.equals(server.resource()))
                .findFirst();
        if (other.isPresent()) {
            String theirs = Quoted.of(other.get());
            return Check.fault(
                    "resource",
                    "it calls itself " + theirs + ", the file says " + server.resource(),
                    "if that is the same server, write resource: " + theirs + " at " + entry
                            + " (and the other one under aliases); tokens are made out to this name, byte for byte");
        }
        // The file pins all that a broker needs, so this alone stops no connect.
        return Check.warning(
                "resource",
                refusal.failure().detail(),
                places(server).stream()
                        .flatMap(url -> overheard.failure(url).stream())
                        .findFirst()
                        .map(failed -> MetadataCheckup.remedy(failed, entry))
                        .orElse("have its owner publish protected resource metadata (RFC 9728): clients look for it"));
    }

    private List<String> places(Server server) {
        List<String> well = List.of(
                server.resource(),
                WellKnown.protectedResource(server.resource()),
                WellKnown.protectedResource(WellKnown.authority(server.resource())));
        Optional<String> said = overheard
                .answer(server.resource())
                .flatMap(answer -> answer.header("www-authenticate"))
                .flatMap(Challenge::resourceMetadata);
        return said.map(url -> Stream.concat(Stream.of(url), well.stream()).toList())
                .orElse(well);
    }

    private static Optional<String> resource(Answer answer) {
        try {
            return Document.parse(answer.body()).text("resource");
        } catch (Document.Malformed malformed) {
            return Optional.empty();
        }
    }
}
