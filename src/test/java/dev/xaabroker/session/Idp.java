package dev.xaabroker.session;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.RefreshGrant;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** An IdP of the tests: one user, one valid refresh token at a time, strict about spent ones. */
final class Idp implements RefreshGrant {

    final List<String> received = new CopyOnWriteArrayList<>();
    final String idpSession = "sid-" + UUID.randomUUID();
    volatile String valid = token();
    volatile User user = new User("user-" + UUID.randomUUID());
    volatile boolean rotates = true;
    volatile boolean takesItsTime;
    volatile Failure failure;
    volatile Duration grace = Duration.ZERO;
    volatile String email = "alice@corp.example";

    static String token() {
        return "rt." + UUID.randomUUID();
    }

    Secret presented() {
        return Secret.of(valid);
    }

    @Override
    public Proof refresh(Secret refreshToken, @Nullable Identity known) {
        received.add(refreshToken.reveal());
        if (takesItsTime) {
            pause();
        }
        if (failure != null) {
            throw failure.refusal();
        }
        if (!refreshToken.reveal().equals(valid)) {
            throw new Failure.SessionDead("invalid_grant").refusal();
        }
        if (rotates) {
            valid = token();
        }
        Identity identity = new Identity(
                user, idpSession, Set.of("engineering"), Map.of("email", List.of(email)), "mfa", Instant.EPOCH);
        return new Proof(
                identity, rotates ? Secret.of(valid) : null, Secret.of("id." + UUID.randomUUID()), null, Instant.now());
    }

    @Override
    public Duration grace() {
        return grace;
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(200));
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
