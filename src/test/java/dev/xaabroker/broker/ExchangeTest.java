package dev.xaabroker.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.exchange.IdentityProvider;
import dev.xaabroker.exchange.ResourceAuthorizationServer;
import dev.xaabroker.exchange.ResourceAuthorizationServer.Redemption;
import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.IdJag;
import dev.xaabroker.grant.LongTokens;
import dev.xaabroker.grant.Network;
import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.Status;
import dev.xaabroker.session.SessionStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExchangeTest {

    static final Server WIKI = new Server(
            "wiki",
            "https://mcp.example",
            List.of(),
            "https://as.example",
            "",
            Server.Tier.INTERNAL,
            Status.ENABLED,
            Scopes.of("read"),
            LongTokens.REFUSE,
            new Credentials.SecretBasic("broker", Secret.of("s")),
            Map.of(),
            true,
            true,
            false,
            List.of(),
            new Peer("ras:wiki", Network.PUBLIC, Duration.ofSeconds(5), 1));

    /** Another process proved the session a moment ago: its tokens are there, and this process needs some of its own. */
    @Test
    @Rules("B6")
    void needsNoProofOfAnotherProcess() {
        SessionStore sessions = Fake.of(
                SessionStore.class,
                Map.of(
                        "prove",
                        arguments -> new SessionStore.Proved(Example.session("corp", Example.NOW), Optional.empty()),
                        "proveAfresh",
                        arguments -> new SessionStore.Proved(
                                Example.session("corp", Example.NOW), Optional.of(Example.PROOF))));
        IdJag idJag = new IdJag(Secret.of("id.jag"), "j", Scopes.of("read"), Example.NOW.plusSeconds(60), false);
        AccessToken token =
                new AccessToken(Secret.of("token"), "Bearer", Scopes.of("read"), Example.NOW, Duration.ofMinutes(5));
        AtomicInteger looks = new AtomicInteger();
        Exchange exchange = new Exchange(
                Fake.of(IdentityProvider.class, Map.of("idJag", arguments -> new IdentityProvider.Leg1.Issued(idJag))),
                Fake.of(
                        ResourceAuthorizationServer.class,
                        Map.of("confirm", arguments -> null, "redeem", arguments -> new Redemption.Redeemed(token))),
                sessions,
                new MassLogoutBreaker(new TestConfig(), Example.CLOCK),
                Example.CLOCK);

        Exchange.Obtained obtained = exchange.exchange(new Exchange.Order(
                new Login.InSession(Example.session("corp", Example.NOW), Optional.empty(), Optional.empty()),
                Example.client("corp"),
                Example.idp(),
                WIKI,
                Scopes.of("read"),
                Example.NOW,
                looks::incrementAndGet));

        assertThat(looks)
                .as("before each leg it is looked whether the login still lives")
                .hasValue(2);
        assertThat(obtained.token()).isEqualTo(token);
    }
}
