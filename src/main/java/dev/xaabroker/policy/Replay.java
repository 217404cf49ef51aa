package dev.xaabroker.policy;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a file would have said to requests that were really made.
 *
 * @param gained refused then, allowed now
 * @param lost allowed then, refused now
 * @param same how many come out as they did
 * @param unknown how many cannot be judged, because it hangs on claims that are not recorded
 */
public record Replay(List<Verdict> gained, List<Verdict> lost, int same, int unknown) {

    public Replay {
        gained = List.copyOf(gained);
        lost = List.copyOf(lost);
    }

    /**
     * A request as the ledger holds it.
     *
     * @param user the pseudonym
     * @param server the server's name
     * @param asked the scopes asked for; absent when the request named none
     * @param allowed whether policy allowed it then
     * @param known what is last known of the user; absent when nothing is
     */
    public record Asked(
            Instant at,
            String requestId,
            String user,
            String client,
            String server,
            Optional<Scopes> asked,
            boolean allowed,
            String reason,
            Optional<Identity> known) {}

    /** A request and what the file says to it. */
    public record Verdict(Asked asked, String reason) {}

    /** Runs {@code requests} against {@code policy}, each at the time at which it was made. */
    public static Replay of(Policy policy, List<Asked> requests) {
        List<Verdict> gained = new ArrayList<>();
        List<Verdict> lost = new ArrayList<>();
        int same = 0;
        int unknown = 0;
        for (Asked asked : requests) {
            Optional<Decision> judged = judge(policy, asked);
            if (judged.isEmpty()) {
                unknown++;
                continue;
            }
            Access outcome = Access.of(judged.get());
            if (outcome.allowed() == asked.allowed()) {
                same++;
            } else {
                (outcome.allowed() ? gained : lost).add(new Verdict(asked, outcome.reason()));
            }
        }
        return new Replay(gained, lost, same, unknown);
    }

    /** Absent when the answer hangs on what the ledger does not hold: groups, and how and when the user logged in. */
    private static Optional<Decision> judge(Policy policy, Asked asked) {
        Optional<Client> client = policy.client(asked.client());
        Optional<Server> server = policy.servers().stream()
                .filter(known -> known.name().equals(asked.server()))
                .findFirst();
        Policy.Query query = new Policy.Query(
                client.orElseGet(() -> Census.stranger(asked.client())),
                server.map(Server::resource).orElse(""),
                Optional.empty(),
                asked.asked(),
                asked.at());
        Optional<Decision> forAll = policy.beforeUser(query).map(refused -> refused);
        return forAll.isPresent() || asked.known().isEmpty()
                ? forAll
                : unlessOfLogin(
                        asked.known().get(), policy.decide(query, asked.known().get()));
    }

    /** A refusal because of what is not known of the user says nothing. */
    private static Optional<Decision> unlessOfLogin(Identity user, Decision decision) {
        boolean unknown =
                switch (Access.of(decision).reason()) {
                    case "assurance-too-low" -> user.acr() == null && user.authTime() == null;
                    case "condition-false", "condition-error" ->
                        user.attributes().isEmpty() && user.acr() == null;
                    default -> false;
                };
        return unknown ? Optional.empty() : Optional.of(decision);
    }
}
