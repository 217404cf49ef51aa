package dev.xaabroker.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.peers.Editor.Adopted;
import dev.xaabroker.peers.Enterprise.Person;
import dev.xaabroker.peers.Http.Answer;
import dev.xaabroker.peers.Prober.Probe;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** Ends logins of Alice at Keycloak while she and Carol connect, and watches until when she is given tokens. */
record EndWatch(Enterprise enterprise, Administrator administrator, McpRealm mcp, Editor editor) {

    /** Until a probe comes back that is refused, beyond the bound, on a machine that does other things too. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How soon the MCP realm must have been told. */
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(5);

    /**
     * One end as seen from outside; times in ms since the administrator or the user asked Keycloak for it.
     *
     * @param alice her login, of which there was a token in the cache
     * @param answered when Keycloak had answered
     * @param lastToken the begin of the last connect that was given a token
     * @param refused when the first refused connect was answered
     * @param inactive when the MCP realm called her access token inactive
     */
    record Seen(Adopted alice, long answered, long lastToken, long refused, long inactive) {

        /** For each time the longest of all. */
        static String longest(List<Seen> all) {
            return "Keycloak answered after %d ms, last token for a connect begun at %d ms, first refusal at %d ms, inactive at the MCP realm at %d ms"
                    .formatted(
                            max(all, Seen::answered),
                            max(all, Seen::lastToken),
                            max(all, Seen::refused),
                            max(all, Seen::inactive));
        }

        private static long max(List<Seen> all, ToLongFunction<Seen> time) {
            return time.applyAsLong(
                    all.stream().max(Comparator.comparingLong(time)).orElseThrow());
        }
    }

    /**
     * Ends two logins of Alice's, of which one is asked from the cache all the time and the other once without it.
     *
     * @param bound no connect begun this long after Keycloak's answer may be given a token
     */
    Seen watch(EndAtKeycloak end, Duration bound) {
        Adopted cached = editor.adopts(enterprise, Person.ALICE);
        Adopted uncached = editor.adopts(enterprise, Person.ALICE);
        Adopted other = editor.adopts(enterprise, Person.CAROL);
        end.prepare(administrator);
        Administrator.awaitTheNextSecond();
        try (Prober alice = Prober.of(() -> editor.connects(cached.handle()));
                Prober carol = Prober.of(() -> editor.connects(other.handle()))) {
            long asked = System.nanoTime();
            end.happen(enterprise, administrator, List.of(cached.login(), uncached.login()));
            long answered = System.nanoTime();
            if (end.isKnownToKeycloak()) {
                assertIsEnded(editor.connectsUncached(uncached.handle()));
            }
            Probe refused = alice.awaitRefused(bound.plus(PATIENCE));
            assertIsEnded(refused.answer());
            long inactive = awaitInactive(cached.upstreamToken(), refused.answered());
            assertIsEnded(editor.connectsUncached(uncached.handle()));
            assertThat(alice.probes())
                    .as("tokens for connects begun after the bound")
                    .noneMatch(probe -> probe.hasToken() && probe.begun() - answered >= bound.toNanos());
            if (end != EndAtKeycloak.REALM_NOT_BEFORE) {
                assertThat(carol.probes()).as("Carol's").allMatch(Probe::hasToken);
            }
            return new Seen(
                    cached,
                    millis(answered - asked),
                    millis(alice.lastToken().begun() - asked),
                    millis(refused.answered() - asked),
                    millis(inactive - asked));
        }
    }

    /** What was presented before stays ended although Keycloak would take it again; a new login works. */
    void assertOnlyANewLoginWorks(EndAtKeycloak end, Adopted ended) {
        end.undo(administrator);
        assertIsEnded(editor.connects(ended.handle()));
        assertIsEnded(editor.connects(ended.login().refreshToken()));
        assertIsEnded(editor.connectsWithIdToken(ended.login().idToken()));
        Administrator.awaitTheNextSecond();
        editor.adopts(enterprise, Person.ALICE);
    }

    private static void assertIsEnded(Answer refused) {
        assertThat(refused.status()).as(refused.refusal()).isEqualTo(400);
        assertThat(refused.text("error")).isEqualTo("invalid_grant");
        assertThat(refused.text("reason")).isEqualTo("session-ended");
        assertThat(refused.body().has("access_token")).isFalse();
    }

    /** When the MCP realm called the token inactive. */
    long awaitInactive(String upstreamToken, long refused) {
        while (mcp.introspect(upstreamToken).body().path("active").asBoolean(true)) {
            assertThat(Duration.ofNanos(System.nanoTime() - refused))
                    .as("the MCP realm still calls the token active")
                    .isLessThan(TOLD_WITHIN);
        }
        return System.nanoTime();
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }
}
