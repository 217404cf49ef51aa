package dev.xaabroker.exchange;

import dev.xaabroker.exchange.MetadataCheckup.Subject;
import dev.xaabroker.exchange.PeerCheckup.Pair;
import dev.xaabroker.grant.Check;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Profile;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.keys.JwkSets;
import dev.xaabroker.outbound.Answer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** One IdP: what it publishes, and whether it knows the clients' registrations and what they will ask for on leg 1. */
final class IdentityProviderCheckup {

    private static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";
    private static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

    private static final int MOST_PAIRS = 100;

    private final Discovery discovery;
    private final KeySets keys;
    private final Overheard overheard;
    private final MetadataCheckup metadata;
    private final RegistrationCheckup registrations;

    IdentityProviderCheckup(
            Discovery discovery,
            KeySets keys,
            Overheard overheard,
            MetadataCheckup metadata,
            RegistrationCheckup registrations) {
        this.discovery = discovery;
        this.keys = keys;
        this.overheard = overheard;
        this.metadata = metadata;
        this.registrations = registrations;
    }

    List<Check> of(IdentityProviderEntry idp, List<Client> clients, List<Pair> pairs) {
        String entry = "identityProviders." + idp.name();
        MetadataCheckup.Found found = metadata.of(new Subject(entry, "issuer", idp.issuer()), () -> discovery.of(idp));
        List<Check> checks = new ArrayList<>(found.checks());
        if (found.metadata().isEmpty()) {
            clients.forEach(client -> checks.add(
                    Check.skipped("client " + client.id(), "nothing is sent before its issuer is confirmed")));
            return checks;
        }
        Metadata published = found.metadata().get();
        checks.add(keys(idp, published, entry));
        checks.addAll(profile(idp, published, entry));
        checks.add(revocation(idp, published, entry));
        clients.forEach(client -> checks.addAll(
                RegistrationCheckup.method("clients." + client.id() + ".idp", published, client.atIdentityProvider())));
        List<Check> registered = AtOnce.map(clients, client -> registered(idp, published, client));
        checks.addAll(registered);
        Set<Client> known = new HashSet<>();
        for (int i = 0; i < clients.size(); i++) {
            if (registered.get(i).verdict() != Check.Verdict.FAULT) {
                known.add(clients.get(i));
            }
        }
        List<Pair> some = some(pairs);
        checks.addAll(AtOnce.map(
                some,
                pair -> known.contains(pair.client())
                        ? exchange(idp, published, pair)
                        : Check.skipped(leg1(pair), "its client is not known there")));
        if (some.size() < pairs.size()) {
            checks.add(Check.skipped(
                    "leg 1", (pairs.size() - some.size()) + " further pairs of client and server: see --connection"));
        }
        return checks;
    }

    /** All pairs while they are few; of many so many that each client and each server occurs: an IdP counts requests. */
    private static List<Pair> some(List<Pair> pairs) {
        if (pairs.size() <= MOST_PAIRS) {
            return pairs;
        }
        Set<Object> seen = new HashSet<>();
        List<Pair> some = new ArrayList<>();
        for (Pair pair : pairs) {
            boolean newClient = seen.add(pair.client());
            boolean newServer = seen.add(pair.server());
            if (newClient || newServer) {
                some.add(pair);
            }
        }
        return some;
    }

    private Check keys(IdentityProviderEntry idp, Metadata published, String entry) {
        String uri = published.jwksUri().orElse("");
        try {
            keys.warm(idp);
            JwkSets.check(overheard.answer(uri).map(Answer::body).orElse(""));
            return Check.ok("keys", uri);
        } catch (Refusal refusal) {
            return Check.fault(
                    "keys",
                    refusal.failure().detail(),
                    overheard
                            .failure(uri)
                            .map(failed -> MetadataCheckup.remedy(failed, entry))
                            .orElse("its jwks_uri must answer 200 with a JWK Set: without it no token of it can be"
                                    + " verified"));
        } catch (IllegalArgumentException unusable) {
            return Check.fault(
                    "keys",
                    uri + ": " + unusable.getMessage(),
                    "have its owner publish a key of a kind that the broker takes, for signatures");
        }
    }

    /** What it says of ID-JAGs (draft-ietf-oauth-identity-chaining s2.6); its silence proves nothing. */
    private List<Check> profile(IdentityProviderEntry idp, Metadata published, String entry) {
        Optional<List<String>> issues = WellKnown.of(idp.issuer()).stream()
                .flatMap(url -> overheard.answer(url).stream())
                .filter(answer -> answer.status() == 200)
                .findFirst()
                .flatMap(IdentityProviderCheckup::issues);
        boolean says = issues.filter(types -> types.contains(ID_JAG)).isPresent();
        List<Check> checks = new ArrayList<>();
        if (idp.profile() == Profile.KEYCLOAK) {
            checks.add(Check.ok("ID-JAG", "none with profile keycloak: its exchanged token stands in (marked weaker)"));
        } else if (says) {
            checks.add(Check.ok("ID-JAG", "it says that it issues them"));
        } else {
            checks.add(issues.isPresent() ? issuesOthers(entry) : issuesUnsaid(entry));
        }
        if (!published.grantTypes().isEmpty() && !published.grantTypes().contains(TOKEN_EXCHANGE)) {
            checks.add(Check.warning(
                    "grants",
                    "its grant_types_supported does not list token exchange",
                    "have token exchange (RFC 8693) switched on at the IdP"));
        }
        IdpQuirks.of(idp, says).ifPresent(checks::add);
        return checks;
    }

    private static Optional<List<String>> issues(Answer answer) {
        try {
            return Document.parse(answer.body()).texts("identity_chaining_requested_token_types_supported");
        } catch (Document.Malformed malformed) {
            return Optional.of(List.of());
        }
    }

    private static Check issuesOthers(String entry) {
        return Check.fault(
                "ID-JAG",
                "its identity_chaining_requested_token_types_supported does not list ID-JAGs",
                "have Cross-App Access switched on at the IdP, or choose another profile at " + entry);
    }

    private static Check issuesUnsaid(String entry) {
        return Check.warning(
                "ID-JAG",
                "it does not say whether it issues them (identity_chaining_requested_token_types_supported)",
                "ask its owner, or try a real connect (xaa connect); profile at " + entry + " must be its kind");
    }

    private static Check revocation(IdentityProviderEntry idp, Metadata published, String entry) {
        return Revocation.isPossible(published, idp.tokenEndpointOrigins())
                ? Check.ok("revocation", published.revocationEndpoint().orElse(""))
                : Check.warning(
                        "revocation",
                        "it has no revocation endpoint that may be used",
                        "refresh tokens of ended sessions live on there: have its owner publish one (RFC 7009), or list"
                                + " its origin under tokenEndpointOrigins at " + entry);
    }

    private Check registered(IdentityProviderEntry idp, Metadata published, Client client) {
        String entry = "clients." + client.id() + ".idp";
        Credentials credentials = client.atIdentityProvider();
        return registrations.of(new RegistrationCheckup.Attempt(
                "client " + client.id(),
                Hop.IDP,
                idp.peer(),
                published,
                credentials,
                Map.of("grant_type", "refresh_token", "refresh_token", madeUp()),
                entry,
                "client id " + credentials.clientId() + " is known; the made-up token was refused",
                List.of("invalid_grant"),
                Map.of(
                        "unauthorized_client",
                        "allow the refresh_token grant to client id " + credentials.clientId() + " at the IdP",
                        "unsupported_grant_type",
                        "have refresh tokens switched on at the IdP, for client id " + credentials.clientId())));
    }

    /** Leg 1 with a made-up subject: an IdP may object to the client, the audience, the resource or the scopes before it. */
    private Check exchange(IdentityProviderEntry idp, Metadata published, Pair pair) {
        String id = pair.client().atIdentityProvider().clientId();
        String server = "servers." + pair.server().name();
        String access = "let client id " + id + " at the IdP ask for ID-JAGs for audience "
                + pair.server().audience();
        return registrations.of(new RegistrationCheckup.Attempt(
                leg1(pair),
                Hop.IDP,
                idp.peer(),
                published,
                pair.client().atIdentityProvider(),
                Dialect.of(idp, false).form(idp, pair.server(), pair.scopes(), madeUp()),
                "clients." + pair.client().id() + ".idp",
                "nothing against audience, resource and scopes; the made-up subject was refused",
                List.of("invalid_grant", "invalid_request"),
                Map.of(
                        "unsupported_grant_type",
                        "have token exchange (RFC 8693) switched on at the IdP",
                        "unauthorized_client",
                        access + ", with token exchange and these scopes: " + pair.scopes(),
                        "access_denied",
                        access,
                        "invalid_target",
                        access + " and resource " + pair.server().resource() + ", or correct them at " + server,
                        "invalid_scope",
                        "let client id " + id + " ask for " + pair.scopes() + " at the IdP, or correct scopes at "
                                + server + " and in its connections")));
    }

    private static String leg1(Pair pair) {
        return "leg 1 " + pair.client().id() + " to " + pair.server().name();
    }

    private static String madeUp() {
        return "xaa-doctor-" + UUID.randomUUID();
    }
}
