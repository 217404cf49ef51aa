package dev.xaabroker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.cli.Attempt.Outcome;
import dev.xaabroker.cli.RevocationProof.Moment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is taken for a proof, and what is not. The end is asked for at 1000 ms and answered at 1020 ms. */
class RevocationProofTest {

    private static final Moment END = new Moment(at(1000), at(1020), true);

    private final List<Attempt> attempts = new ArrayList<>();

    private static long at(long ms) {
        return ms * 1_000_000;
    }

    private void add(int replica, long began, long ended, Outcome outcome) {
        attempts.add(new Attempt(replica, at(began), at(ended), outcome, "503 store-unavailable", "r" + began));
    }

    private void healthy(int replica) {
        add(replica, 900, 910, Outcome.TOKEN);
        add(replica, 1005, 1018, Outcome.REFUSED);
        add(replica, 1030, 1035, Outcome.REFUSED);
        add(replica, 1050, 1055, Outcome.REFUSED);
    }

    private RevocationProof proof(Moment end) {
        return RevocationProof.of(List.of("a", "b"), attempts, end);
    }

    @Test
    @Rules("H13")
    void holdsWhenNoConnectBegunAfterTheAnswerGotAToken() {
        healthy(0);
        healthy(1);

        RevocationProof proof = proof(END);

        assertThat(proof.wrong()).isEmpty();
        assertThat(proof.after()).isEqualTo(4);
        assertThat(proof.lastToken()).hasValue(-110);
        assertThat(proof.replicas().getFirst().firstRefusal()).hasValue(-2);
    }

    @Test
    @Rules("H13")
    void oneTokenOnOneReplicaBreaksIt() {
        healthy(0);
        healthy(1);
        add(1, 1021, 1040, Outcome.TOKEN);

        RevocationProof proof = proof(END);

        assertThat(proof.wrong())
                .singleElement()
                .asString()
                .contains("b gave a token to a connect begun after", "1 times", "20 ms after it", "r1021");
        assertThat(proof.replicas().get(1).tokensAfter()).isOne();
    }

    @Test
    @Rules("H13")
    void aConnectUnderWayMayGetATokenForASecond() {
        healthy(0);
        healthy(1);
        add(0, 1010, 2020, Outcome.TOKEN);
        assertThat(proof(END).holds()).isTrue();

        add(0, 1011, 2021, Outcome.TOKEN);
        assertThat(proof(END).wrong()).singleElement().asString().contains("under way", "r1011");
    }

    @Test
    void errorsAndSilenceProveNothing() {
        healthy(0);
        assertThat(proof(END).wrong()).singleElement().asString().contains("b did not refuse", "no connect");

        add(1, 1030, 1031, Outcome.ERROR);
        assertThat(proof(END).wrong()).singleElement().asString().contains("b did not refuse", "503");
    }

    @Test
    void aCanaryThatWasOverBeforeProvesNothing() {
        healthy(0);
        healthy(1);
        add(0, 950, 960, Outcome.REFUSED);

        assertThat(proof(END).wrong()).singleElement().asString().contains("before the end was asked for");
    }

    /** Nobody acknowledged it to us: tokens may come until the replica knows, and then none. */
    @Test
    void aSignalIsProvenByTheLastAnswerOfEachReplica() {
        Moment signal = new Moment(at(1000), at(1020), false);
        healthy(0);
        healthy(1);
        add(1, 1025, 1030, Outcome.TOKEN);
        assertThat(proof(signal).wrong()).isEmpty();
        assertThat(proof(signal).lastToken()).hasValue(10);

        add(1, 1060, 1065, Outcome.TOKEN);
        assertThat(proof(signal).wrong()).singleElement().asString().contains("b did not refuse", "it gives tokens");
    }
}
