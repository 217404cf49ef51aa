package dev.xaabroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.demo.DemoUser;
import dev.xaabroker.testing.AdminCall;
import dev.xaabroker.testing.BrokerWorld;
import dev.xaabroker.testing.Signaller;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way to end a session that is told to the broker, in a {@link FleetUnderLoad}. */
class SignalFleetIT implements OverSignals {

    private static BrokerWorld world;
    private static FleetUnderLoad fleet;
    private static AdminCall security;

    /** Each ends the session of one user. */
    enum Way {
        BACKCHANNEL_LOGOUT_BY_SID,
        BACKCHANNEL_LOGOUT_BY_SUB,
        SSF_PUSH_SESSION_REVOKED,
        SSF_PUSH_CREDENTIAL_CHANGE,
        SSF_PUSH_ACCOUNT_DISABLED,
        GLOBAL_TOKEN_REVOCATION,
        KILL_USER,
        KILL_SESSION,
        OAUTH2_REVOKE
    }

    @BeforeAll
    static void start() throws Exception {
        world = BrokerWorld.real(
                Signaller.listening("ssf, backchannel-logout, global-token-revocation"), FleetUnderLoad.NO_LIMITS);
        world.restartWith(Map.of("xaa.admin.issuer", world.idp().issuer(), "xaa.admin.audience", AdminIT.AUDIENCE));
        security =
                new AdminCall(world, world.idp().apiToken(DemoUser.ALICE, AdminIT.AUDIENCE, List.of("xaa-security")));
        fleet = new FleetUnderLoad(world);
    }

    @AfterAll
    static void stop() throws Exception {
        fleet.close();
        world.close();
    }

    @Override
    public BrokerWorld world() {
        return world;
    }

    /** The demo world is kept as it is: it would forget the users. */
    @Override
    public void forgetEarlierTests() {}

    @ParameterizedTest
    @EnumSource
    @Rules({"F6", "H4", "H13"})
    void noConnectBegunAfterTheAnswerGetsATokenOnAnyReplica(Way way) throws Exception {
        fleet.end(way.name(), (user, victim) -> {
            long sent = System.nanoTime();
            Response told = end(way, user, victim);
            assertThat(told.statusCode()).as(told.asString()).isBetween(200, 204);
            return sent;
        });
    }

    private Response end(Way way, DemoUser user, Held victim) {
        return switch (way) {
            case BACKCHANNEL_LOGOUT_BY_SID ->
                idp().logout(idp().logoutToken(null, victim.tokens().sid()).sign());
            case BACKCHANNEL_LOGOUT_BY_SUB ->
                idp().logout(idp().logoutToken(user, null).sign());
            case SSF_PUSH_SESSION_REVOKED ->
                idp().push(idp().sessionRevoked(user).sign());
            case SSF_PUSH_CREDENTIAL_CHANGE ->
                idp().push(idp().event(
                                Signaller.email(user),
                                Signaller.CAEP + "credential-change",
                                Map.of("change_type", "update", "credential_type", "password"))
                        .sign());
            case SSF_PUSH_ACCOUNT_DISABLED ->
                idp().push(idp().event(idp().issSub(user), Signaller.RISC + "account-disabled", Map.of())
                        .sign());
            case GLOBAL_TOKEN_REVOCATION ->
                idp().revoke(
                                idp().revocationRequest().sign(),
                                "{\"sub_id\":{\"format\":\"email\",\"email\":\"" + user.email() + "\"}}");
            case KILL_USER ->
                security.post(
                        "/admin/kills", Map.of("kind", "user", "idp", "corp", "subject", user.sub(), "reason", "left"));
            case KILL_SESSION ->
                security.end(
                        security.get("/admin/sessions?idp=corp&subject=" + user.sub())
                                .path("sessions[0].id"),
                        "left");
            case OAUTH2_REVOKE -> world.as("cursor").giveBack(victim.handle()).send();
        };
    }
}
