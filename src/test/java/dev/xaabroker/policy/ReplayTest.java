package dev.xaabroker.policy;

import static dev.xaabroker.policy.Example.FILE;
import static dev.xaabroker.policy.Example.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.User;
import dev.xaabroker.policy.Replay.Asked;
import dev.xaabroker.policy.Replay.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayTest {

    private static Asked asked(boolean allowed, String client, String server, String scopes, String... groups) {
        return new Asked(
                NOW,
                "request",
                "u1",
                client,
                server,
                Optional.of(Scopes.parse(scopes)).filter(read -> !read.isEmpty()),
                allowed,
                allowed ? "allowed" : "no-connection",
                groups.length == 0
                        ? Optional.empty()
                        : Optional.of(new Identity(new User("u1"), null, Set.of(groups), Map.of(), null, null)));
    }

    private static Replay replay(String file, Asked... requests) {
        return Replay.of(Example.load(file), List.of(requests));
    }

    @Test
    void tellsWhoWouldGainAndWhoWouldLose() {
        Replay replay = replay(
                FILE,
                asked(true, "cursor", "figma", "read", "engineering"),
                asked(true, "cursor", "figma", "read write", "engineering"),
                asked(false, "claude", "figma", "", "engineering"),
                asked(false, "claude", "figma", "", "sales"));

        assertThat(replay.same()).isEqualTo(2);
        assertThat(replay.lost()).extracting(Verdict::reason).containsExactly("scope-not-allowed");
        assertThat(replay.gained())
                .extracting(verdict -> verdict.asked().client())
                .containsExactly("claude");
    }

    @Test
    void countsAsUnknownWhatHangsOnClaimsThatAreNotRecorded() {
        String strong = FILE.replace("    owner: eng-owner", "    require: { acr: phr }\n    owner: eng-owner");

        assertThat(replay(FILE, asked(true, "cursor", "figma", "read")).unknown())
                .isOne();
        assertThat(replay(strong, asked(true, "cursor", "figma", "read", "engineering"))
                        .unknown())
                .isOne();
    }

    @Test
    void judgesWithoutClaimsWhatIsRefusedToEverybody() {
        Replay replay = replay(
                FILE,
                asked(true, "cursor", "plain", ""),
                asked(true, "gone", "figma", "read"),
                asked(true, "cursor", "gone", "read"),
                asked(false, "cursor", "plain", ""));

        assertThat(replay.lost())
                .extracting(Verdict::reason)
                .containsExactly("no-connection", "client-unknown", "server-unknown");
        assertThat(replay.same()).isOne();
    }
}
