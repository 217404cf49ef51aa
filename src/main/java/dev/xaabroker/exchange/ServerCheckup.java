package dev.xaabroker.exchange;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.xaabroker.exchange.MetadataCheckup.Subject;
import dev.xaabroker.exchange.PeerCheckup.Pair;
import dev.xaabroker.grant.Check;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.IdJag;
import dev.xaabroker.grant.LongTokens;
import dev.xaabroker.grant.PublishedResource;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Server;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** One server: what it says of itself, and whether its authorization server is who the file says, and can redeem for us. */
final class ServerCheckup {

    private final Discovery discovery;
    private final MetadataCheckup metadata;
    private final ResourceCheckup resources;
    private final RegistrationCheckup registrations;

    ServerCheckup(
            Discovery discovery, Overheard overheard, MetadataCheckup metadata, RegistrationCheckup registrations) {
        this.discovery = discovery;
        this.metadata = metadata;
        this.resources = new ResourceCheckup(overheard);
        this.registrations = registrations;
    }

    List<Check> of(Server server, List<Pair> pairs) {
        String entry = "servers." + server.name();
        ResourceCheckup.Found resource = resources.of(server);
        List<Check> checks = new ArrayList<>(resource.checks());
        MetadataCheckup.Found found =
                metadata.of(new Subject(entry, "audience", server.audience()), () -> discovery.of(server));
        checks.addAll(found.checks());
        Map<Credentials, String> registered = registrations(server, pairs);
        if (found.metadata().isEmpty()) {
            checks.add(Check.skipped("client", "nothing is sent before its issuer is confirmed"));
            return checks;
        }
        Metadata published = found.metadata().get();
        checks.add(capability(server, published, entry));
        scopes(server, published, resource.published(), entry).ifPresent(checks::add);
        revocation(server, published, entry).ifPresent(checks::add);
        registered.forEach((credentials, where) -> {
            checks.addAll(RegistrationCheckup.method(where, published, credentials));
            checks.add(registration(server, published, credentials, where));
        });
        return checks;
    }

    /** Each registration once, with its place in the file: the server's own, and those of the clients that it has. */
    private static Map<Credentials, String> registrations(Server server, List<Pair> pairs) {
        String entry = "servers." + server.name();
        Map<Credentials, String> all = new LinkedHashMap<>();
        boolean own = pairs.isEmpty()
                || pairs.stream().anyMatch(pair -> !server.authFor()
                        .containsKey(pair.client().id()));
        if (own) {
            all.put(server.auth(), entry + ".auth");
        }
        for (Pair pair : pairs) {
            String client = pair.client().id();
            Credentials differing = server.authFor().get(client);
            if (differing != null) {
                all.putIfAbsent(differing, entry + ".authFor." + client);
            }
        }
        return all;
    }

    private static Check capability(Server server, Metadata published, String entry) {
        return switch (Capability.level(published)) {
            case YES -> Check.ok("ID-JAG", "it says that it redeems them");
            case PERHAPS ->
                Check.warning(
                        "ID-JAG",
                        "it lists the jwt-bearer grant and not the id-jag profile",
                        "ask its owner whether it knows ID-JAGs; the broker tries");
            case NO ->
                server.assumeCapable()
                        ? Check.warning(
                                "ID-JAG",
                                "it lists neither the id-jag profile nor the jwt-bearer grant, and assumeCapable is set",
                                "have its owner publish them, then remove assumeCapable at " + entry)
                        : Check.fault(
                                "ID-JAG",
                                "it lists neither the id-jag profile nor the jwt-bearer grant",
                                "have its owner switch Cross-App Access on; if it redeems ID-JAGs all the same, write"
                                        + " assumeCapable: true at " + entry);
        };
    }

    /** A list of scopes need not be whole (RFC 8414 s2), so one that is not in it is suspect and no more. */
    private static Optional<Check> scopes(
            Server server, Metadata published, Optional<PublishedResource> resource, String entry) {
        if (published.scopes().isEmpty()) {
            return Optional.empty();
        }
        Set<String> known = new HashSet<>(published.scopes());
        resource.ifPresent(said -> known.addAll(said.scopes()));
        List<String> unknown = server.scopes().values().stream()
                .filter(scope -> !known.contains(scope))
                .sorted()
                .toList();
        return Optional.of(
                unknown.isEmpty()
                        ? Check.ok("scopes", "it knows " + server.scopes())
                        : Check.warning(
                                "scopes",
                                "neither it nor its authorization server lists " + String.join(" ", unknown)
                                        + "; listed are "
                                        + Quoted.of(
                                                known.stream().sorted().toList().toString()),
                                "correct scopes at " + entry
                                        + " and in its connections, unless its owner says that they" + " exist"));
    }

    private static Optional<Check> revocation(Server server, Metadata published, String entry) {
        if (Revocation.isPossible(published, server.tokenEndpointOrigins())) {
            return Optional.of(
                    Check.ok("revocation", published.revocationEndpoint().orElse("")));
        }
        String found = "its authorization server has no revocation endpoint that may be used";
        return server.longTokens() == LongTokens.REVOKE
                ? Optional.of(Check.fault(
                        "revocation",
                        found + ", and longTokens: revoke needs one",
                        "have its owner publish one (RFC 7009), or list its origin under tokenEndpointOrigins, or have"
                                + " its tokens shortened and write longTokens: refuse at " + entry))
                : Optional.empty();
    }

    private Check registration(Server server, Metadata published, Credentials credentials, String where) {
        String id = credentials.clientId();
        String entry = "servers." + server.name();
        String grant = "allow the grant urn:ietf:params:oauth:grant-type:jwt-bearer to client id " + id
                + " at the authorization server";
        IdJag madeUp = madeUp(server, id);
        return registrations.of(new RegistrationCheckup.Attempt(
                "client " + id,
                Hop.RAS,
                server.peer(),
                published,
                credentials,
                HttpResourceAuthorizationServer.form(server, madeUp, server.scopes()),
                where,
                "client id " + id + " is known; the made-up assertion was refused",
                List.of("invalid_grant"),
                Map.of(
                        "unauthorized_client",
                        grant,
                        "unsupported_grant_type",
                        grant,
                        "invalid_scope",
                        "correct scopes at " + entry + ", or have them allowed to client id " + id,
                        "invalid_target",
                        "correct resource at " + entry + ", or have its owner add it to its authorization server")));
    }

    /** In the form of an ID-JAG, long over, from nobody, and signed by nobody: it opens nothing anywhere. */
    private static IdJag madeUp(Server server, String clientId) {
        String id = "xaa-doctor-" + UUID.randomUUID();
        Instant over = Instant.EPOCH.plusSeconds(60);
        String header = "{\"typ\":\"oauth-id-jag+jwt\",\"alg\":\"RS256\",\"kid\":\"xaa-doctor\"}";
        String claims =
                "{\"iss\":\"https://xaa-doctor.invalid\",\"sub\":\"nobody\",\"aud\":" + quoted(server.audience())
                        + ",\"client_id\":" + quoted(clientId) + ",\"jti\":\"" + id + "\",\"iat\":0,\"exp\":"
                        + over.getEpochSecond() + "}";
        String assertion = encoded(header) + "." + encoded(claims) + "." + encoded("x".repeat(256));
        return new IdJag(Secret.of(assertion), id, server.scopes(), over, false);
    }

    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
