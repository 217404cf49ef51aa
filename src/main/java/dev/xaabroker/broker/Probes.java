package dev.xaabroker.broker;

import dev.xaabroker.broker.Probe.Prepared;
import dev.xaabroker.broker.Ways.Way;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.ConnectRequest;
import dev.xaabroker.grant.HandleFormat;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Kill;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Status;
import dev.xaabroker.grant.SubjectToken;
import dev.xaabroker.grant.User;
import dev.xaabroker.keys.KeyedHash;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.session.DecoySessions;
import dev.xaabroker.session.DecoySessions.Decoy;
import dev.xaabroker.session.Ends;
import dev.xaabroker.session.KillSwitch;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What must be refused, made anew for each round: of a made-up user, a client and server of the policy in force, and a handle
 * that nobody has. No IdP or RAS is asked for anything but its keys, and nothing real is ended or shut.
 */
@ApplicationScoped
class Probes {

    static final String UNKNOWN_SERVER = "unknown-server";
    static final String CLOSED_WAY = "closed-way";
    static final String UNKNOWN_HANDLE = "unknown-handle";
    static final String FOREIGN_HANDLE = "foreign-handle";
    static final String ENDED_SESSION = "ended-session";
    static final String ENDED_LOGIN = "ended-login";
    static final String KILLED_USER = "killed-user";
    static final String UNSIGNED_ID_TOKEN = "unsigned-id-token";

    /** All that there are; a policy may leave no way to try some of them. */
    static final List<String> NAMES = List.of(
            UNKNOWN_SERVER,
            CLOSED_WAY,
            UNKNOWN_HANDLE,
            FOREIGN_HANDLE,
            ENDED_SESSION,
            ENDED_LOGIN,
            KILLED_USER,
            UNSIGNED_ID_TOKEN);

    /** What a round leaves behind when its process dies is over by itself after this. */
    private static final Duration LEFT_BEHIND = Duration.ofMinutes(1);

    private static final String WORD = "probe";

    private final DecoySessions decoys;
    private final Ends ends;
    private final Ending ending;
    private final KillSwitch kills;
    private final Shut shut;
    private final KeyedHash hash;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Probes(DecoySessions decoys, Ends ends, Ending ending, KillSwitch kills, Shut shut, KeyedHash hash, Clock clock) {
        this.decoys = decoys;
        this.ends = ends;
        this.ending = ending;
        this.kills = kills;
        this.shut = shut;
        this.hash = hash;
        this.clock = clock;
    }

    /** Those that can be tried under this policy. Nothing is made before a probe is prepared. */
    List<Probe> under(Policy policy) {
        Ways ways = Ways.in(
                policy,
                (client, server) -> shut.now(
                        policy,
                        new Policy.Query(
                                client, server.resource(), Optional.empty(), Optional.empty(), clock.instant())));
        List<Probe> probes = new ArrayList<>();
        policy.clients().stream()
                .filter(client -> client.status() == Status.ENABLED)
                .findFirst()
                .ifPresent(client -> probes.add(unknownServer(client)));
        ways.closed()
                .ifPresent(closed -> probes.add(probe(
                        CLOSED_WAY,
                        closed.why(),
                        () -> Prepared.of(request(CLOSED_WAY, closed.way(), unknownHandle())))));
        if (!ways.open().isEmpty()) {
            probes.addAll(along(policy, ways.open().getFirst()));
        }
        if (ways.open().size() > 1) {
            probes.add(foreignHandle(policy, ways.open().getFirst(), ways.open().get(1)));
        }
        return probes;
    }

    private List<Probe> along(Policy policy, Way way) {
        return List.of(
                probe(
                        UNKNOWN_HANDLE,
                        Reason.SESSION_UNKNOWN,
                        () -> Prepared.of(request(UNKNOWN_HANDLE, way, unknownHandle()))),
                probe(
                        ENDED_SESSION,
                        Reason.SESSION_ENDED,
                        () -> planted(ENDED_SESSION, policy, way, way, decoy -> end(policy, decoy))),
                endedLogin(policy, way),
                killedUser(policy, way),
                new Probe(
                        UNSIGNED_ID_TOKEN,
                        Reason.SESSION_UNKNOWN,
                        true,
                        () -> Prepared.of(request(
                                UNSIGNED_ID_TOKEN,
                                way,
                                new SubjectToken.IdToken(
                                        unsigned(policy.identityProvider(way.client()), way.client()))))));
    }

    private Probe unknownServer(Client client) {
        return probe(
                UNKNOWN_SERVER,
                Reason.SERVER_UNKNOWN,
                () -> Prepared.of(request(
                        UNKNOWN_SERVER, client, "https://" + UUID.randomUUID() + ".invalid/mcp", unknownHandle())));
    }

    /** A live session, presented by another client. */
    private Probe foreignHandle(Policy policy, Way owner, Way thief) {
        return probe(
                FOREIGN_HANDLE,
                Reason.SESSION_UNKNOWN,
                () -> planted(FOREIGN_HANDLE, policy, owner, thief, decoy -> {}));
    }

    /** A session that is stored after its login was ended, as when the two meet: it was never ended itself. */
    private Probe endedLogin(Policy policy, Way way) {
        return probe(ENDED_LOGIN, Reason.SESSION_ENDED, () -> {
            Instant now = clock.instant();
            Identity nobody = nobody(policy, way, now.minus(LEFT_BEHIND));
            Ends.Logins logins = new Ends.Logins(
                    policy.tenant(), issuer(policy, way), nobody.user().pseudonym(), null, null, now);
            ending.by(WORD, now, () -> ends.logins(logins, WORD, LEFT_BEHIND));
            return presented(ENDED_LOGIN, policy, way, plant(policy, way, nobody));
        });
    }

    /** A live session of a user who is shut out. */
    private Probe killedUser(Policy policy, Way way) {
        return probe(KILLED_USER, Reason.USER_KILLED, () -> {
            Decoy decoy = plant(policy, way, nobody(policy, way, null));
            String user = decoy.identity().user().pseudonym();
            Instant now = clock.instant();
            kills.shut(new Kill(policy.tenant(), Kill.Kind.USER, user, "a probe", WORD, now, now.plus(LEFT_BEHIND)));
            return new Prepared(request(KILLED_USER, way, new SubjectToken.Handle(decoy.handle())), () -> {
                decoys.remove(policy.tenant(), decoy);
                kills.open(policy.tenant(), Kill.Kind.USER, user);
            });
        });
    }

    private static Probe probe(String name, Reason at, Supplier<Prepared> prepare) {
        return new Probe(name, at, false, prepare);
    }

    private Prepared planted(String name, Policy policy, Way owner, Way presented, Consumer<Decoy> over) {
        Decoy decoy = plant(policy, owner, nobody(policy, owner, null));
        over.accept(decoy);
        return presented(name, policy, presented, decoy);
    }

    private Prepared presented(String name, Policy policy, Way way, Decoy decoy) {
        return new Prepared(
                request(name, way, new SubjectToken.Handle(decoy.handle())),
                () -> decoys.remove(policy.tenant(), decoy));
    }

    private Decoy plant(Policy policy, Way way, Identity nobody) {
        return decoys.plant(policy.tenant(), way.client(), issuer(policy, way), nobody, LEFT_BEHIND);
    }

    private Identity nobody(Policy policy, Way way, @Nullable Instant authTime) {
        User user = hash.user(policy.tenant(), issuer(policy, way), "probe-" + UUID.randomUUID());
        return new Identity(user, null, Set.of(), Map.of(), null, authTime);
    }

    private static String issuer(Policy policy, Way way) {
        return policy.identityProvider(way.client()).issuer();
    }

    /** As an operator ends a session. */
    private void end(Policy policy, Decoy decoy) {
        ending.by(WORD, clock.instant(), () -> ends.session(policy.tenant(), decoy.id(), WORD));
    }

    private SubjectToken unknownHandle() {
        return new SubjectToken.Handle(HandleFormat.mint(random));
    }

    /** An ID token that is right in everything, and that nobody signed (RFC 8725 s3.1). */
    private Secret unsigned(IdentityProviderEntry idp, Client client) {
        long now = clock.instant().getEpochSecond();
        return Secret.of(encoded("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "."
                + encoded("{\"iss\":\"" + idp.issuer() + "\",\"aud\":\""
                        + client.atIdentityProvider().clientId() + "\",\"sub\":\"probe-" + UUID.randomUUID()
                        + "\",\"iat\":" + now + ",\"exp\":" + (now + 60) + "}")
                + ".");
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static ConnectRequest request(String name, Way way, SubjectToken subject) {
        return request(name, way.client(), way.server().resource(), subject);
    }

    private static ConnectRequest request(String name, Client client, String resource, SubjectToken subject) {
        return new ConnectRequest(
                Prober.PREFIX + name + "-" + UUID.randomUUID(),
                client,
                subject,
                resource,
                Optional.empty(),
                Optional.empty(),
                false);
    }
}
