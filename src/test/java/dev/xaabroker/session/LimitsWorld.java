package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Proof;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.RefreshGrant;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.User;
import dev.xaabroker.session.SessionStore.Adopted;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Sessions as the limits see them: who used them last, and when. */
abstract class LimitsWorld extends SessionsWorld {

    /** The default of {@code xaa.sessions.idle}. */
    static final Duration IDLE = Duration.ofDays(7);
    /** The default of {@code xaa.sessions.per-user-and-client}. */
    static final int MOST = 10;

    @Inject
    SessionSweep sweep;

    final User alice = new User("user-" + UUID.randomUUID());
    final String login = "sid-" + UUID.randomUUID();

    /** SQL that counts the sessions of the database that wait for a lock. */
    abstract String waiting();

    /** An IdP that knows every token to be this user's. */
    RefreshGrant of(User user) {
        return (token, known) -> new Proof(
                new Identity(user, login, Set.of(), Map.of(), null, null),
                null,
                Secret.of("id." + UUID.randomUUID()),
                null,
                Instant.now());
    }

    static Secret token() {
        return Secret.of("rt." + UUID.randomUUID());
    }

    Adopted adopt() {
        return adopt(cursor, alice, token());
    }

    Adopted adopt(Client client, User user, Secret token) {
        return sessions.adopt(TENANT, client, ISSUER, token, YEAR, of(user));
    }

    Session use(Adopted adopted) {
        return sessions.byHandle(TENANT, cursor, adopted.handle());
    }

    static String id(Adopted adopted) {
        return adopted.session().id();
    }

    static OffsetDateTime ago(Duration age) {
        return Instant.now().minus(age).atOffset(ZoneOffset.UTC);
    }

    /** As if a connect had last used it then, and no refresh had been needed since. */
    void lastUsed(Adopted adopted, Duration ago) {
        change("update sso_session set last_used_at = ?, proven_at = ? where id = ?", ago(ago), ago(ago), id(adopted));
    }

    Instant lastUsed(Adopted adopted) throws SQLException {
        return ((OffsetDateTime) cell("last_used_at", adopted)).toInstant();
    }

    void over(Adopted adopted, Duration ago) {
        change("update sso_session set ended_at = ?, expires_at = ? where id = ?", ago(ago), ago(ago), id(adopted));
    }

    Object cell(String column, Adopted adopted) throws SQLException {
        return one("select " + column + " from sso_session where id = ?", id(adopted));
    }

    int count(String where, Object... values) throws SQLException {
        return ((Number) one("select count(*) from sso_session where " + where, values)).intValue();
    }

    static void assertEnded(String detail, ThrowingCallable call) {
        assertThat(denied(Reason.SESSION_ENDED, call).detail()).contains(detail);
    }

    static Failure.Denied denied(Reason reason, ThrowingCallable call) {
        Failure failure = catchThrowableOfType(Refusal.class, call).failure();
        assertThat(failure).isInstanceOfSatisfying(Failure.Denied.class, denied -> assertThat(denied.code())
                .isEqualTo(reason));
        return (Failure.Denied) failure;
    }
}
