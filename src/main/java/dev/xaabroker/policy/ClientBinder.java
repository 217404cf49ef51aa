package dev.xaabroker.policy;

import dev.xaabroker.grant.AssertionShape;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.ClientAuth;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Status;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code clients}. */
final class ClientBinder {

    /** A key of this section is a {@code client_id} (RFC 6749 appendix A.1), which may be a URL one day. */
    private static final Pattern CLIENT_ID = Pattern.compile("[\\x21-\\x7E&&[^,]]{1,255}");

    private final Map<String, IdentityProviderBinder.Bound> idps;
    private final Names idpNames;
    private final CredentialsBinder credentials;
    private final String fallbackOwner;
    private final Findings findings;

    /** Which client uses a registration at an IdP: provider, then client id there. */
    private final Map<String, Map<String, String>> registrations = new HashMap<>();

    ClientBinder(
            Map<String, IdentityProviderBinder.Bound> idps,
            Names idpNames,
            CredentialsBinder credentials,
            String fallbackOwner,
            Findings findings) {
        this.idps = idps;
        this.idpNames = idpNames;
        this.credentials = credentials;
        this.fallbackOwner = fallbackOwner;
        this.findings = findings;
    }

    Map<String, Client> bind(Fields section) {
        Map<String, Client> clients = new LinkedHashMap<>();
        for (Text id : section.names()) {
            if (!CLIENT_ID.matcher(id.value()).matches()) {
                findings.at(
                        id.at(),
                        "a client id is made of visible ASCII without commas, at most 255 characters: rename it");
            }
            section.fields(id.value(), "client " + id.value())
                    .flatMap(fields -> one(id.value(), fields))
                    .ifPresent(client -> clients.put(client.id(), client));
        }
        return clients;
    }

    private Optional<Client> one(String id, Fields fields) {
        String owner = fields.text("owner").map(Text::value).orElse(fallbackOwner);
        Status status =
                Values.choice(fields, "status", IdentityProviderBinder.STATUSES).orElse(Status.ENABLED);
        fields.require("auth", "how it proves itself to the broker: { method, jwks or secret }");
        Optional<ClientAuth> auth =
                fields.secretFields("auth", "`auth` of " + fields.what()).flatMap(credentials::clientAuth);
        fields.require("idp", "its registration at the identity provider: { provider, clientId, method, … }");
        Optional<Fields> idp = fields.secretFields("idp", "`idp` of " + fields.what());
        Optional<Registration> registration = idp.flatMap(found -> registration(id, found));
        fields.done();
        if (auth.isEmpty() || registration.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Client(
                id,
                owner,
                status,
                auth.get(),
                registration.get().provider(),
                registration.get().credentials()));
    }

    private record Registration(String provider, Credentials credentials) {}

    private Optional<Registration> registration(String client, Fields fields) {
        Optional<Text> provider = fields.requiredText("provider", "the name of an identity provider")
                .filter(idpNames::check);
        provider.ifPresent(name -> checkUnique(client, name.value(), fields));
        AssertionShape standard = provider.map(name -> idps.get(name.value()))
                .map(IdentityProviderBinder.Bound::shape)
                .orElse(AssertionShape.STANDARD);
        Optional<Credentials> atIdp = credentials.atPeer(fields, standard);
        return provider.flatMap(name -> atIdp.map(found -> new Registration(name.value(), found)));
    }

    /** Two clients behind one registration could redeem each other's subject tokens. */
    private void checkUnique(String client, String provider, Fields fields) {
        fields.text("clientId").ifPresent(clientId -> {
            String other = registrations
                    .computeIfAbsent(provider, p -> new HashMap<>())
                    .putIfAbsent(clientId.value(), client);
            if (other != null) {
                findings.at(
                        clientId.at(),
                        "client " + other + " has this registration at " + provider
                                + " already: each client needs its own, or they could use each other's tokens");
            }
        });
    }
}
