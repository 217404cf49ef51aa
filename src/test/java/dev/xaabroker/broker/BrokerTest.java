package dev.xaabroker.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.ledger.Ledger;
import dev.xaabroker.policy.Policy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BrokerTest {

    /**
     * Between authentication and decision the file may change. What the old one said about the client must not be mixed
     * with the rules of the new one: its IdP would vouch for groups that are another IdP's.
     */
    @Test
    @Rules("G2")
    void takesTheClientAsTheFileInForceHasIt() {
        List<Client> asked = new ArrayList<>();
        Client moved = Example.client("new-idp");
        Policy policy = Fake.of(
                Policy.class,
                Map.of(
                        "tenant",
                        arguments -> "acme",
                        "revision",
                        arguments -> "r2",
                        "server",
                        arguments -> Optional.empty(),
                        "client",
                        arguments -> Optional.of(moved),
                        "beforeUser",
                        arguments -> Optional.empty(),
                        "identityProvider",
                        arguments -> {
                            asked.add((Client) arguments[0]);
                            throw Failure.Denied.of(Reason.IDP_DISABLED, "far enough")
                                    .refusal();
                        }));
        Ledger ledger = entry -> assertThat(entry.client()).isEqualTo("cursor");
        Broker broker = new Broker(
                () -> policy,
                new Underway(null, null, new Shut(new NothingShut()), new SimpleMeterRegistry(), Example.CLOCK),
                null,
                new Shut(new NothingShut()),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                ledger,
                Example.CLOCK);

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> broker.connect(Example.request(Example.client("old-idp"))));

        assertThat(asked).containsExactly(moved);
    }
}
