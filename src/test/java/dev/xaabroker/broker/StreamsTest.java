package dev.xaabroker.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.broker.SecurityEvents.Result;
import dev.xaabroker.exchange.SharedSignals.SetError;
import dev.xaabroker.exchange.SharedSignals.Standing;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.session.SignalStream;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The stream of security events, minute by minute, on a clock that stands still until it is moved. */
class StreamsTest {

    private static final Duration RECHECK = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(15);

    private final StreamWorld world = new StreamWorld();

    @Test
    @Rules("H10")
    void aStreamIsReliedOnOnceItIsVerified() {
        assertThat(world.recheck()).as("not looked after yet").isEqualTo(SHORT);
        world.tend();
        assertThat(world.transmitter.states).hasSize(1);
        world.pass(Duration.ofSeconds(2));
        assertThat(world.recheck()).as("not verified yet").isEqualTo(SHORT);

        assertThat(world.answer()).isTrue();

        world.pass(Duration.ofSeconds(2));
        assertThat(world.recheck()).isEqualTo(RECHECK);
        assertThat(world.ledger).isEmpty();
    }

    @Test
    @Rules("H10")
    void aVerificationIsAskedForAgainAndAgain() {
        world.verified();

        world.tendFor(Duration.ofMinutes(5).minusSeconds(1));
        assertThat(world.transmitter.states).hasSize(1);
        world.tendFor(Duration.ofSeconds(2));

        assertThat(world.transmitter.states).hasSize(2).doesNotHaveDuplicates();
        assertThat(world.recheck()).isEqualTo(RECHECK);
    }

    @Test
    @Rules("H10")
    void silenceDegradesTheSignalsUntilAVerificationComes() {
        world.verified();

        world.tendFor(Duration.ofMinutes(10).minusSeconds(5));
        assertThat(world.recheck()).isEqualTo(RECHECK);
        world.tendFor(Duration.ofSeconds(8));

        assertThat(world.recheck()).isEqualTo(SHORT);
        assertThat(world.health.isDegraded(world.idp)).isTrue();
        assertThat(world.ledger).singleElement().satisfies(entry -> {
            assertThat(entry.decision()).isEqualTo("signals-degraded");
            assertThat(entry.detail()).isEqualTo("idp=corp no verification for 600 s");
        });
        int asked = world.transmitter.states.size();
        world.tendFor(Duration.ofMinutes(1));
        assertThat(world.transmitter.states.size()).as("asked more often").isBetween(asked + 3, asked + 5);

        assertThat(world.answer()).isTrue();
        world.tendFor(Duration.ofSeconds(2));

        assertThat(world.recheck()).isEqualTo(RECHECK);
        assertThat(world.ledger).extracting(Entry::decision).containsExactly("signals-degraded", "signals-well");
    }

    /** A transmitter that pushes every half minute answers the first of several requests. */
    @Test
    @Rules("H10")
    void theStateStaysTheSameUntilItIsAnswered() {
        world.tend();
        world.tendFor(Duration.ofSeconds(40));

        assertThat(world.transmitter.states.size()).isGreaterThan(1);
        assertThat(Set.copyOf(world.transmitter.states)).hasSize(1);
        assertThat(world.answer()).isTrue();
    }

    @Test
    @Rules("H10")
    void aStateThatNobodyAskedForIsInvalidAndShowsNothing() {
        world.tend();

        assertThat(world.report("guessed")).isFalse();
        assertThat(world.reports.verification(world.idp, "another-stream", world.transmitter.states.getFirst()))
                .isFalse();
        world.pass(Duration.ofSeconds(2));
        assertThat(world.recheck()).isEqualTo(SHORT);
        assertThat(world.stream().verified()).isNull();
    }

    /** The answer to it was lost: it comes again. */
    @Test
    @Rules("H10")
    void aVerificationThatComesTwiceIsAcceptedTwiceAndCountsOnce() {
        world.verified();
        SignalStream before = world.stream();
        world.pass(Duration.ofSeconds(30));

        assertThat(world.answer()).isTrue();

        assertThat(world.stream()).isEqualTo(before);
    }

    @Test
    @Rules("H10")
    void aTransmitterThatVerifiesByItselfIsNoAnswer() {
        world.tend();

        assertThat(world.reports.verification(world.idp, "stream-1", null)).isTrue();

        assertThat(world.stream().verified()).isNull();
    }

    @Test
    @Rules("H10")
    void aStreamThatItsTransmitterPausesIsDegradedAtOnce() {
        world.verified();

        world.reports.updated(world.idp, "paused");
        world.tendFor(Duration.ofSeconds(2));

        assertThat(world.recheck()).isEqualTo(SHORT);
        assertThat(world.ledger)
                .singleElement()
                .extracting(Entry::detail)
                .asString()
                .contains("the transmitter says that the stream is paused");

        world.reports.updated(world.idp, "enabled");
        world.tendFor(Duration.ofSeconds(2));
        assertThat(world.recheck()).as("it has yet to show it").isEqualTo(SHORT);
        world.tendFor(Duration.ofSeconds(20));
        assertThat(world.answer()).isTrue();
        world.tendFor(Duration.ofSeconds(2));
        assertThat(world.recheck()).isEqualTo(RECHECK);
    }

    /** Its announcement may be lost with what it does not send. */
    @Test
    @Rules("H10")
    void aPauseIsNoticedWhenTheNextVerificationIsDue() {
        world.verified();
        world.transmitter.standing = Standing.DISABLED;

        world.tendFor(Duration.ofMinutes(5).plusSeconds(2));

        assertThat(world.recheck()).isEqualTo(SHORT);
    }

    @Test
    @Rules("H10")
    void pollsThatFailForLongEnoughDegradeTheSignals() {
        world.verified();
        world.transmitter.pollRefusal = new Failure.Unavailable("ssf", Duration.ofSeconds(2), "answered 503");

        world.tendFor(Duration.ofSeconds(28));
        assertThat(world.health.isDegraded(world.idp)).isFalse();
        world.tendFor(Duration.ofSeconds(6));

        assertThat(world.health.isDegraded(world.idp)).isTrue();
        assertThat(world.recheck()).isEqualTo(SHORT);
        assertThat(world.ledger).singleElement().extracting(Entry::decision).isEqualTo("signals-degraded");

        world.transmitter.pollRefusal = null;
        world.tendFor(Duration.ofSeconds(20));
        assertThat(world.health.isDegraded(world.idp))
                .as("a poll alone shows nothing")
                .isTrue();
        world.answer();
        world.tendFor(Duration.ofSeconds(2));
        assertThat(world.recheck()).isEqualTo(RECHECK);
    }

    /** Whoever judges may be dead: what is on record is enough to tell. */
    @Test
    @Rules("H10")
    void aStreamThatNobodyFetchesIsNotReliedOn() {
        world.verified();

        world.pass(Duration.ofSeconds(31));

        assertThat(world.recheck()).isEqualTo(SHORT);
    }

    @Test
    @Rules("H10")
    void whatCannotBeKnownIsNotReliedOn() {
        world.verified();
        assertThat(world.recheck()).isEqualTo(RECHECK);

        world.store.down = true;
        world.pass(Duration.ofMillis(999));
        assertThat(world.recheck()).as("believed for a second").isEqualTo(RECHECK);
        world.pass(Duration.ofMillis(1));

        assertThat(world.recheck()).isEqualTo(SHORT);
    }

    @Test
    void theLedgerIsToldOnceItAnswers() {
        world.verified();
        world.ledgerDown = true;
        world.reports.updated(world.idp, "paused");
        assertThatExceptionOfType(Refusal.class).isThrownBy(world::tend);
        assertThat(world.recheckAfterASecond())
                .as("it does not wait for the ledger")
                .isEqualTo(SHORT);

        world.ledgerDown = false;
        world.tendFor(Duration.ofSeconds(3));

        assertThat(world.ledger).singleElement().extracting(Entry::decision).isEqualTo("signals-degraded");
    }

    @Test
    @Rules("H7")
    void acknowledgesWhatIsDoneAndSaysWhatIsBadAndGoesOnWithoutAPause() {
        world.verified();
        world.transmitter.queue("a", "b", "bad", "c", "d");
        world.results.put("bad", new Result.Rejected("invalid_key", "no such key"));
        int polls = world.transmitter.polls;

        world.tend();

        assertThat(world.transmitter.acknowledged).containsExactlyInAnyOrder("a", "b", "c", "d");
        assertThat(world.transmitter.refused)
                .containsExactly(Map.entry("bad", new SetError("invalid_key", "no such key")));
        assertThat(world.transmitter.queue).isEmpty();
        assertThat(world.transmitter.polls - polls)
                .as("two at a time, and a last one to tell")
                .isEqualTo(4);
    }

    @Test
    @Rules("H7")
    void whatCannotBeDoneNowIsNeitherAcknowledgedNorRefusedAndComesAgain() {
        world.verified();
        world.transmitter.queue("a", "b", "c");
        world.results.put("b", new Result.Rejected("later", ""));

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(world::tend)
                .satisfies(refusal -> assertThat(refusal.failure().reason()).isEqualTo("store-unavailable"));
        assertThat(world.transmitter.acknowledged).containsExactly("a");
        assertThat(world.transmitter.refused).isEmpty();
        assertThat(world.health.isDegraded(world.idp)).isFalse();

        world.results.clear();
        world.tend();

        assertThat(world.transmitter.acknowledged).containsExactlyInAnyOrder("a", "b", "c");
    }

    /** What was done is acknowledged when it comes again. */
    @Test
    @Rules("H7")
    void aLostAnswerLosesNothing() {
        world.verified();
        world.transmitter.queue("a", "b");
        world.transmitter.loseAnswers = 1;

        world.tend();
        assertThat(world.transmitter.acknowledged).isEmpty();
        world.transmitter.loseAcknowledgements = 1;
        world.tendFor(Duration.ofSeconds(3));

        assertThat(world.transmitter.acknowledged).containsExactlyInAnyOrder("a", "b");
        assertThat(world.received).containsOnly("a", "b");
    }

    /** Or a transmitter that takes a while to forget would keep this replica, and itself, from everything else. */
    @Test
    @Rules("H7")
    void aTransmitterThatSendsAgainWhatItWasToldIsDoneIsNotAskedWithoutAPause() {
        world.verified();
        world.transmitter.forgetsNothing = true;
        world.transmitter.queue("one", "two");
        int before = world.transmitter.polls;

        world.tend();

        assertThat(world.transmitter.polls - before).isEqualTo(2);
        assertThat(world.received).containsExactlyInAnyOrder("one", "two");

        world.transmitter.forgetsNothing = false;
        world.pass(Duration.ofSeconds(1));
        world.tend();

        assertThat(world.transmitter.queue).isEmpty();
    }

    @Test
    void aTransmitterThatPromisesMoreAndSendsNothingIsNotAskedWithoutEnd() {
        world.verified();
        world.transmitter.promises = true;
        int polls = world.transmitter.polls;

        world.tend();

        assertThat(world.transmitter.polls - polls).isOne();
    }

    @Test
    void oneReplicaAtATimeLooksAfterAStream() {
        world.tend();
        Streams other = world.replica();
        int polls = world.transmitter.polls;

        assertThat(other.tend(world.idp)).isEqualTo(Duration.ofSeconds(1));
        assertThat(world.transmitter.polls).isEqualTo(polls);

        world.streams.leave();
        other.tend(world.idp);
        assertThat(world.transmitter.polls).isGreaterThan(polls);
    }

    @Test
    void aStreamThatIsGoneAtItsTransmitterIsMadeAgain() {
        world.verified();
        world.transmitter.pollRefusal = new Failure.PeerFault(Failure.Hop.IDP, "corp", "it answered 404");
        world.tend();
        world.transmitter.pollRefusal = null;
        world.transmitter.streamId = "stream-2";

        world.tend();
        world.pass(Duration.ofSeconds(2));

        assertThat(world.transmitter.opened).isEqualTo(2);
        assertThat(world.recheck()).as("nobody verified this one").isEqualTo(SHORT);
        assertThat(world.reports.verification(world.idp, "stream-2", world.transmitter.states.getLast()))
                .isTrue();
        world.pass(Duration.ofSeconds(2));
        assertThat(world.recheck()).isEqualTo(RECHECK);
    }

    @Test
    void aStreamIsMadeOnceUntilTheFileWantsAnother() {
        world.tendFor(Duration.ofMinutes(2));
        assertThat(world.transmitter.opened).isEqualTo(1);

        world.verifyEvery(Duration.ofMinutes(1));
        world.tend();

        assertThat(world.transmitter.opened).isEqualTo(2);
        assertThat(world.stream().silence()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void aStreamThatDeliversNothingThatEndsALoginIsAFault() {
        world.transmitter.delivered = Set.of("urn:other");

        world.tend();

        assertThat(world.stream().made()).isNull();
        assertThat(world.transmitter.polls).isZero();
        assertThat(world.health.isDegraded(world.idp))
                .as("it may be there soon")
                .isFalse();

        world.tendFor(Duration.ofSeconds(40));

        assertThat(world.ledger)
                .singleElement()
                .extracting(Entry::detail)
                .asString()
                .contains("failing for 30 s", "delivers none of the events that end a login");
    }

    /** Nobody here can tell whether it is silent; that it is stopped, its transmitter may have said. */
    @Test
    void aStreamThatIsManagedByHandIsReliedOnUntilItIsStopped() {
        world.byHand();
        world.tendFor(Duration.ofHours(1));
        assertThat(world.recheck()).isEqualTo(RECHECK);
        assertThat(world.transmitter.opened).isZero();

        world.reports.updated(world.idp, "disabled");
        world.tendFor(Duration.ofSeconds(2));
        assertThat(world.recheck()).isEqualTo(SHORT);
        assertThat(world.health.isDegraded(world.idp)).isTrue();

        world.reports.updated(world.idp, "enabled");
        world.tendFor(Duration.ofSeconds(2));
        assertThat(world.recheck()).isEqualTo(RECHECK);
        assertThat(world.health.isDegraded(world.idp)).isFalse();
    }
}
