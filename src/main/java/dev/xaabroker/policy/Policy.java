package dev.xaabroker.policy;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Kills;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.SigningKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Managed connections as loaded and compiled, from one file or a directory of them; immutable. */
public interface Policy {

    /** SHA-256 of {@link #canonical()}, hex. */
    String revision();

    /**
     * All that the policy says in its one spelling: JSON with sorted keys, one entry or rule per line, in UTF-8, and so
     * also a managed-connections file, which loads and has this same revision. Layout, comments, the order of keys and
     * rules, and how a directory is cut into files leave no trace in it. It holds references, never secrets.
     */
    String canonical();

    String tenant();

    /** Whether it has a connection of that id, of whatever status and mode. */
    boolean hasConnection(String id);

    /** The connections that are switched on, in the order of the file, as far as they say who meets whom. */
    List<Meeting> meetings();

    /**
     * Who may meet whom by one connection, for some users.
     *
     * @param clients client ids
     * @param servers names of servers
     */
    record Meeting(String connection, Set<String> clients, Set<String> servers, Scopes scopes) {

        public Meeting {
            clients = Set.copyOf(clients);
            servers = Set.copyOf(servers);
        }
    }

    /** How many connections it has, of whatever status and mode. */
    int connectionCount();

    /** What may be used at {@code at}, as far as the file's own status and expiry go. */
    Usable usable(Instant at);

    /** After which a session ends whatever the IdP says. */
    Duration maxSessionAge();

    Optional<Client> client(String clientId);

    /** The entry that a client's {@code idp.provider} names; the loader made sure that it exists. */
    IdentityProviderEntry identityProvider(Client client);

    /** The entry of that name. */
    Optional<IdentityProviderEntry> identityProvider(String name);

    /** All identity providers, in no order. */
    Collection<IdentityProviderEntry> identityProviders();

    /** The server that a {@code resource} as sent names, itself or by an alias, byte for byte. */
    Optional<Server> server(String resource);

    /** All clients, in no order. */
    Collection<Client> clients();

    /** All servers, in no order. */
    Collection<Server> servers();

    /** All private keys that sign client assertions, for the published JWKS. */
    List<SigningKey> signingKeys();

    /**
     * What can be decided without knowing the user, before any call out: client, server, IdP, audience, and whether any
     * connection could grant the scopes at all. Absent when nothing stands against it.
     */
    Optional<Decision.Refused> beforeUser(Query query);

    /** The whole decision, in the order of POLICY.md. */
    Decision decide(Query query, Identity user);

    /**
     * The decision with every step that led to it. Slower than {@link #decide}, and for people.
     *
     * @param user absent stands for a user of whom nothing is known: no group, no attribute, no login time
     */
    Explanation explain(Query query, Optional<Identity> user);

    /** How the tests in the file ended, in the order of the file. All passed, or it would not have been loaded. */
    List<TestResult> tests();

    /**
     * What no status and no expiry shuts out.
     *
     * @param clients ids of those that are enabled, at an IdP that is
     * @param servers names of those that are enabled
     * @param connections ids of those that are enabled, enforced and not expired
     */
    record Usable(Set<String> clients, Set<String> servers, Set<String> connections) {

        public Usable {
            clients = Set.copyOf(clients);
            servers = Set.copyOf(servers);
            connections = Set.copyOf(connections);
        }
    }

    /**
     * One question to the policy.
     *
     * @param resource as sent
     * @param audience as sent, if it was
     * @param scopes as asked for; absent asks for what the connections give
     * @param sessionBegan when the client's session was adopted; absent without a session
     * @param kills what security has shut; absent when the file alone is asked
     */
    record Query(
            Client client,
            String resource,
            Optional<String> audience,
            Optional<Scopes> scopes,
            Instant at,
            Optional<Instant> sessionBegan,
            Optional<Kills> kills) {

        /** The time of a question that is about no time: no connection has expired, and no condition can read it. */
        static final Instant TIMELESS = Instant.parse("-0001-01-01T00:00:00Z");

        public Query(
                Client client,
                String resource,
                Optional<String> audience,
                Optional<Scopes> scopes,
                Instant at,
                Optional<Instant> sessionBegan) {
            this(client, resource, audience, scopes, at, sessionBegan, Optional.empty());
        }

        public Query(Client client, String resource, Optional<String> audience, Optional<Scopes> scopes, Instant at) {
            this(client, resource, audience, scopes, at, Optional.empty());
        }

        /** The same question, asked while these are shut. */
        public Query under(Kills shut) {
            return new Query(client, resource, audience, scopes, at, sessionBegan, Optional.of(shut));
        }

        /** What is shut, for all that the question says. */
        Kills shut() {
            return kills.orElse(Kills.NONE);
        }

        /** The same question, asked in a session. */
        public Query inSession(Instant began) {
            return new Query(client, resource, audience, scopes, at, Optional.of(began), kills);
        }

        boolean isTimeless() {
            return at.equals(TIMELESS);
        }
    }
}
