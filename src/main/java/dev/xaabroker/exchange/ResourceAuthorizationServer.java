package dev.xaabroker.exchange;

import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.IdJag;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Server;
import java.util.Optional;

/** Leg 2: the authorization server that guards an MCP server, pinned by its issuer. */
public interface ResourceAuthorizationServer {

    /**
     * Makes sure that the RAS is who it should be and can do what is needed, before any ID-JAG is asked for
     * (RFC 8414 s3.3; RULES D5 to D12).
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable or PeerFault
     */
    void confirm(Server server);

    /**
     * Redeems an ID-JAG, once (RFC 7523 s2.1, ID-JAG s4.4; RULES E1 to E10).
     *
     * @param scopes what was asked for; the token may grant less and never more
     * @throws dev.xaabroker.grant.Refusal PeerDenied, Unavailable, PeerFault or LongToken
     */
    Redemption redeem(Server server, Client client, IdJag idJag, Scopes scopes);

    /**
     * Revokes an access token of this RAS (RFC 7009), once.
     *
     * @param client that it was issued for, if the policy still has it
     */
    Revoked revoke(Server server, Optional<Client> client, Secret token);

    /** The normal outcomes of one redemption attempt. */
    sealed interface Redemption {

        /** A token whose answer was checked. */
        record Redeemed(AccessToken token) implements Redemption {}

        /**
         * This ID-JAG is spent or was refused, and a new one may do (RULES E4): timeout, reset, 5xx, {@code invalid_grant}.
         * Metadata has been marked for a refresh where the rule says so.
         *
         * @param otherwise what to answer when there is no further attempt
         */
        record TryAgain(Failure otherwise) implements Redemption {}
    }
}
