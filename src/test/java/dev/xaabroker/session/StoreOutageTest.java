package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.ClientAuth;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Status;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.session.Outage.Line;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(StoreOutageTest.Profile.class)
class StoreOutageTest {

    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("xaa.keys.json", KeyRing.generate());
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(Outage.class));
        }
    }

    @Inject
    SessionStore sessions;

    private final Idp idp = new Idp();
    private final Client cursor = new Client(
            "cursor",
            "it",
            Status.ENABLED,
            new ClientAuth.SecretBasic(Secret.of("s")),
            "corp",
            new Credentials.SecretBasic("cursor-at-idp", Secret.of("s")));

    private Session adopt(Idp idp) {
        return sessions.adopt("acme", cursor, "https://idp.example", idp.presented(), Duration.ofDays(1), idp)
                .session();
    }

    /** One story, since the broker starts once: down at start, up, cut, silent, up again. */
    @Test
    @Rules({"B7", "F9"})
    void refusesQuicklyWhileTheDatabaseIsAwayAndRecoversByItself() {
        assertUnavailable();
        assertThat(idp.received).isEmpty();

        Outage.set(Line.WORKS);
        Session session = recovered(idp);

        Outage.set(Line.REFUSES);
        assertUnavailable();
        Outage.set(Line.WORKS);
        sessions.assertStillLive(recovered(idp));

        Outage.set(Line.SILENT);
        assertUnavailable();
        Outage.set(Line.WORKS);
        recovered(idp);

        keepsARotatedTokenThatCouldNotBeStored(session);
    }

    private void keepsARotatedTokenThatCouldNotBeStored(Session session) {
        int before = idp.received.size();
        Refusal refusal = catchThrowableOfType(
                Refusal.class,
                () -> sessions.proveAfresh(session, Instant.now(), (token, known) -> {
                    var proof = idp.refresh(token, known);
                    Outage.set(Line.REFUSES);
                    return proof;
                }));
        assertThat(refusal.failure()).isInstanceOf(Failure.Unavailable.class);
        Outage.set(Line.WORKS);
        recovered(new Idp());

        assertThat(sessions.<String>withRefreshToken(session, Secret::reveal)).isEqualTo(idp.valid);
        assertThat(idp.received).hasSize(before + 1);
    }

    private Session recovered(Idp idp) {
        Instant deadline = Instant.now().plusSeconds(20);
        while (true) {
            try {
                return adopt(idp);
            } catch (Refusal refusal) {
                if (Instant.now().isAfter(deadline)) {
                    throw refusal;
                }
                Thread.onSpinWait();
            }
        }
    }

    private void assertUnavailable() {
        Instant before = Instant.now();
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> adopt(idp));
        assertThat(refusal).isNotNull();
        assertThat(refusal.failure()).isInstanceOfSatisfying(Failure.Unavailable.class, down -> assertThat(down.part())
                .isEqualTo("store"));
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(4));
    }
}
