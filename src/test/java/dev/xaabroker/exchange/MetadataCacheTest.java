package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.LoopbackPeer.Reply;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.Failure.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataCacheTest {

    private static final String OAUTH = "/.well-known/oauth-authorization-server";

    private final World world = new World();
    private final SampleRas ras = world.ras;

    @AfterEach
    void close() {
        world.close();
    }

    private void confirm() {
        world.resourceServer.confirm(world.server());
    }

    @Test
    @Rules({"D11"})
    void keepsMetadataForAsLongAsTheServerSays() {
        ras.http.on(OAUTH, request -> Reply.json(200, ras.metadata).with("Cache-Control", "max-age=600"));

        confirm();
        world.clock.forward(Duration.ofSeconds(599));
        confirm();
        assertThat(ras.metadataRequests()).isEqualTo(1);

        world.clock.forward(Duration.ofSeconds(1));
        confirm();
        assertThat(ras.metadataRequests()).isEqualTo(2);
    }

    @Test
    @Rules({"D11"})
    void noticesWithinSecondsThatAServerIsBack() {
        ras.http.on(OAUTH, Reply.error(503, "later", ""));
        assertThat(World.failure(this::confirm)).isInstanceOf(Unavailable.class);
        assertThat(World.failure(this::confirm)).isInstanceOf(Unavailable.class);
        assertThat(ras.metadataRequests()).isEqualTo(1);

        ras.http.on(OAUTH, request -> Reply.json(200, ras.metadata));
        world.clock.forward(Duration.ofSeconds(1));

        assertThatCode(this::confirm).doesNotThrowAnyException();
    }

    @Test
    @Rules({"D11"})
    void remembersForHalfAMinuteAtMostThatThereIsNoMetadata() {
        ras.http.on(OAUTH, Reply.error(404, "no", ""));
        assertThat(World.failure(this::confirm)).isInstanceOf(PeerFault.class);
        assertThat(World.failure(this::confirm)).isInstanceOf(PeerFault.class);
        assertThat(ras.metadataRequests()).isEqualTo(1);

        ras.http.on(OAUTH, request -> Reply.json(200, ras.metadata));
        world.clock.forward(Duration.ofSeconds(30));

        assertThatCode(this::confirm).doesNotThrowAnyException();
    }

    @Test
    @Rules({"D11", "D12"})
    void neverRemembersAMalformedDocument() {
        ras.http.on(OAUTH, new Reply(200, Map.of("Cache-Control", "max-age=3600"), "<html>"));
        assertThat(World.failure(this::confirm)).isInstanceOf(PeerFault.class);

        ras.http.on(OAUTH, request -> Reply.json(200, ras.metadata));

        assertThatCode(this::confirm).doesNotThrowAnyException();
    }

    @Test
    @Rules({"D11"})
    void concurrentLookUpsCollapseToOne() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ras.http.on(OAUTH, request -> {
            arrived.countDown();
            await(release);
            return Reply.json(200, ras.metadata);
        });

        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            callers.add(Thread.ofPlatform().start(this::confirm));
        }
        arrived.await();
        while (callers.stream().anyMatch(caller -> caller.getState() == Thread.State.RUNNABLE)) {
            Thread.onSpinWait();
        }
        release.countDown();
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(ras.metadataRequests()).isEqualTo(1);
    }

    @ParameterizedTest
    @Rules({"D11"})
    @ValueSource(strings = {"invalid_client", "unsupported_grant_type", "404"})
    void anAnswerThatHintsAtOutdatedMetadataFetchesItAnewOnce(String hint) {
        ras.instead = hint.equals("404") ? new Reply(404, Map.of(), "gone") : Reply.error(400, hint, "");
        assertThat(World.failure(world::leg2)).isInstanceOf(PeerFault.class);
        assertThat(ras.metadataRequests()).isEqualTo(1);

        World.failure(() -> {
            confirm();
            world.leg2();
        });
        confirmQuietly();

        assertThat(ras.metadataRequests()).isEqualTo(2);
    }

    @Test
    @Rules({"D11"})
    void aTokenEndpointThatMovedIsFoundAfterA404() {
        ras.metadata.put("token_endpoint", ras.issuer() + "/old");
        assertThat(World.failure(world::leg2)).isInstanceOf(PeerFault.class);

        ras.metadata.put("token_endpoint", ras.issuer() + "/token");

        assertThat(world.leg2()).isInstanceOf(ResourceAuthorizationServer.Redemption.Redeemed.class);
    }

    @Test
    @Rules({"D11"})
    void doubtAloneDoesNotTakeDownAServerWhoseMetadataIsAwayForAMoment() {
        ras.instead = Reply.error(400, "invalid_grant", "");
        world.leg2();
        ras.http.on(OAUTH, Reply.error(503, "later", ""));
        ras.instead = null;

        assertThat(world.leg2()).isInstanceOf(ResourceAuthorizationServer.Redemption.Redeemed.class);
    }

    private void confirmQuietly() {
        try {
            confirm();
        } catch (RuntimeException expected) {
            // Only what it fetched matters here.
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
