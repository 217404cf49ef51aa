package dev.xaabroker.policy;

import static dev.xaabroker.policy.Example.FIGMA;
import static dev.xaabroker.policy.Example.FILE;
import static dev.xaabroker.policy.Example.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.policy.Diff.Change;
import dev.xaabroker.policy.Diff.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DiffTest {

    private static final int WORLDS = 60 * Integer.getInteger("xaa.runs", 1);

    private static Diff diff(String newer) {
        return Diff.between(Example.load(FILE), Example.load(newer), NOW);
    }

    private static String line(Change change) {
        return "%s %s %s %s +[%s] -[%s] %s"
                .formatted(
                        change.kind(),
                        change.client(),
                        change.server(),
                        change.groups(),
                        change.gained(),
                        change.lost(),
                        change.logins());
    }

    @Test
    void aFileComparedWithItselfChangesNothing() {
        Diff diff = diff(FILE);

        assertThat(diff.isEmpty()).isTrue();
        assertThat(diff.rules()).isEmpty();
        assertThat(diff.before()).isEqualTo(diff.after());
    }

    @Test
    void aNewScopeIsAGainForEachClientOfTheConnection() {
        Diff diff = diff(Example.exchange("scopes: [read]\n", "scopes: [read, write]\n"));

        assertThat(diff.changes().stream().map(DiffTest::line))
                .containsExactly(
                        "GAINS claude figma [engineering] +[write] -[] []",
                        "GAINS cursor figma [engineering] +[write] -[] []");
        assertThat(diff.rules()).containsExactly("edited connection eng");
    }

    @Test
    void aRemovedConnectionIsALossAndNamesTheNewReason() {
        Diff diff = diff(FILE.substring(0, FILE.indexOf("connections:")));

        assertThat(diff.changes()).extracting(Change::kind).containsOnly(Kind.LOSES);
        assertThat(diff.changes()).extracting(change -> change.after().reason()).containsOnly("no-connection");
        assertThat(diff.rules()).containsExactly("removed connection eng");
    }

    @Test
    void aDenyRuleTellsOfTheFewestGroupsThatLose() {
        Diff diff = diff(FILE + """
            deny:
              - { id: no-contractors, users: { groups: [contractors] }, servers: [figma] }
            """);

        assertThat(diff.changes().stream().map(DiffTest::line))
                .containsExactly(
                        "LOSES claude figma [contractors, engineering] +[] -[read] []",
                        "LOSES cursor figma [contractors, engineering] +[] -[read] []");
    }

    @Test
    void doesNotRepeatAChangeForThoseWhoAreInFurtherGroups() {
        String older = FILE
                + "  - { id: sales, clients: [cursor], servers: [figma], users: { groups: [sales] }, scopes: [admin] }\n";
        String newer = older.replace("scopes: [read]\n", "scopes: [read, write]\n");

        assertThat(Diff.between(Example.load(older), Example.load(newer), NOW).changes().stream()
                        .filter(change -> change.client().equals("cursor"))
                        .map(DiffTest::line))
                .containsExactly("GAINS cursor figma [engineering] +[write] -[] []");
    }

    @Test
    void doesNotTellWhoIsInAlreadyWhatItTellsWhoComesIn() {
        String newer = FILE
                + "  - { id: sales, clients: [cursor], servers: [figma], users: { groups: [sales] }, scopes: [admin] }\n";

        assertThat(diff(newer).changes().stream().map(DiffTest::line))
                .containsExactly("GAINS cursor figma [sales] +[admin] -[] []");
    }

    @Test
    void aStrongerRequirementIsALossForWeakerLoginsOnly() {
        Diff diff = diff(FILE.replace(
                "    owner: eng-owner", "    require: { acr: phr, maxAuthAge: 8h }\n    owner: eng-owner"));

        assertThat(diff.changes().stream().map(DiffTest::line))
                .contains("LOSES cursor figma [engineering] +[] -[read]"
                        + " [other acr, older than 8h, other acr, fresh, acr phr, older than 8h]");
    }

    @Test
    void aShorterLifeOfTokensIsNeitherGainNorLoss() {
        Diff diff = diff(FILE.replace("    owner: eng-owner", "    tokenTtl: 2m\n    owner: eng-owner"));

        assertThat(diff.changes()).extracting(Change::kind).containsOnly(Kind.TTL);
    }

    @Test
    void aClientThatIsTakenOutLosesEverything() {
        String without = FILE.replaceAll("(?m)^  claude:\n(    .*\n)+", "").replace("[cursor, claude]", "[cursor]");
        Diff diff = diff(without);

        assertThat(diff.changes().stream().map(DiffTest::line))
                .containsExactly("LOSES claude figma [engineering] +[] -[read] []");
        assertThat(diff.changes().getFirst().after().reason()).isEqualTo("client-unknown");
    }

    @Test
    void aServerWithoutScopesIsGainedAsAWhole() {
        Diff diff = diff(FILE + "  - { id: all-plain, clients: [cursor], servers: [plain], users: any, scopes: [] }\n");

        assertThat(diff.changes().stream().map(DiffTest::line)).containsExactly("GAINS cursor plain [] +[] -[] []");
    }

    @Test
    void anExpiryBitesFromItsDayOn() {
        String newer = FILE.replace("    owner: eng-owner", "    expires: 2030-01-01\n    owner: eng-owner");
        Policy older = Example.load(FILE);
        Policy ending = Example.load(newer);

        assertThat(Diff.between(older, ending, Instant.parse("2030-01-01T23:59:59Z"))
                        .isEmpty())
                .isTrue();
        assertThat(Diff.between(older, ending, Instant.parse("2030-01-02T00:00:00Z"))
                        .changes())
                .extracting(Change::kind)
                .containsOnly(Kind.LOSES);
    }

    /** Whatever two files say, the diff tells no lie and keeps nothing to itself. */
    @Test
    void agreesWithTheDecisionsBeforeAndAfter() {
        Random random = new Random(4411);
        int changed = 0;
        for (int i = 0; i < WORLDS; i++) {
            Policy before = open(random);
            Policy after = open(random);
            Instant at = Instant.parse(random.nextBoolean() ? "2026-09-01T23:59:59Z" : "2026-09-02T00:00:00Z");
            assertThat(Diff.between(before, before, at).isEmpty()).isTrue();
            Diff diff = Diff.between(before, after, at);
            diff.changes().forEach(change -> isTrue(change, before, after, at));
            for (int j = 0; j < 200; j++) {
                changed += isTold(diff, before, after, random, at) ? 1 : 0;
            }
        }
        assertThat(changed).as("enough questions whose answer changed").isGreaterThan(WORLDS * 20);
    }

    /** Conditions are taken to hold, in the diff and here. */
    private static Policy open(Random random) {
        return ((CompiledPolicy) Example.load(RandomWorld.draw(random).file())).withoutConditions();
    }

    private static void isTrue(Change change, Policy before, Policy after, Instant at) {
        Map<String, Set<String>> seen = new java.util.TreeMap<>();
        for (Identity user : logins(Set.copyOf(change.groups()), at)) {
            seen.computeIfAbsent("before", b -> new java.util.TreeSet<>())
                    .add(ask(before, change.client(), change.server(), Optional.empty(), user, at));
            seen.computeIfAbsent("after", b -> new java.util.TreeSet<>())
                    .add(ask(after, change.client(), change.server(), Optional.empty(), user, at));
        }
        assertThat(seen.get("before")).contains(line(change.before()));
        assertThat(seen.get("after")).contains(line(change.after()));
    }

    private static List<Identity> logins(Set<String> groups, Instant at) {
        return List.of(
                login(groups, null, at),
                login(groups, "phr", at),
                login(groups, null, at.minusSeconds(8 * 3600 + 1)),
                login(groups, "phr", at.minusSeconds(8 * 3600 + 1)));
    }

    private static Identity login(Set<String> groups, String acr, Instant authTime) {
        return new Identity(new dev.xaabroker.grant.User("u"), null, groups, Map.of(), acr, authTime);
    }

    /** Asks for one scope, or for none; returns whether the answer changed, and fails when no change tells of it. */
    private static boolean isTold(Diff diff, Policy before, Policy after, Random random, Instant at) {
        String client = RandomWorld.CLIENTS.get(random.nextInt(3));
        String server = "s" + (1 + random.nextInt(3));
        List<String> offered = RandomWorld.OFFERED.get(server);
        Optional<Scopes> asked = offered.isEmpty() || random.nextInt(4) == 0
                ? Optional.empty()
                : Optional.of(Scopes.of(offered.get(random.nextInt(offered.size()))));
        Identity user = RandomWorld.user(random, at);
        boolean was = ask(before, client, server, asked, user, at).startsWith("allowed");
        boolean is = ask(after, client, server, asked, user, at).startsWith("allowed");
        if (was == is) {
            return false;
        }
        assertThat(diff.changes())
                .as("%s %s %s %s %s -> %s", client, server, asked, user.groups(), was, is)
                .anyMatch(change -> change.client().equals(client)
                        && change.server().equals(server)
                        && user.groups().containsAll(change.groups())
                        && tells(change, asked, is));
        return true;
    }

    private static boolean tells(Change change, Optional<Scopes> asked, boolean gains) {
        if (asked.isEmpty()) {
            return change.after().allowed() == gains && change.before().allowed() != gains;
        }
        return (gains ? change.gained() : change.lost()).containsAll(asked.get());
    }

    private static String ask(
            Policy policy, String client, String server, Optional<Scopes> asked, Identity user, Instant at) {
        Client known = policy.client(client).orElseThrow();
        return line(Access.of(policy.decide(
                new Policy.Query(known, "https://" + server + ".example", Optional.empty(), asked, at), user)));
    }

    private static String line(Access access) {
        return access.allowed() ? "allowed " + access.scopes() + " " + access.ttl() : access.reason();
    }

    @Test
    void aResourceThatMovesIsNoChangeForItsUsers() {
        assertThat(diff(FILE.replace(FIGMA + "\n", "https://mcp.figma.example/v2\n"))
                        .isEmpty())
                .isTrue();
    }
}
