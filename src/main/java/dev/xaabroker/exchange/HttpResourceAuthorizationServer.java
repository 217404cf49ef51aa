package dev.xaabroker.exchange;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.Failure.PeerDenied;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.Failure.Unavailable;
import dev.xaabroker.grant.IdJag;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Server;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** A RAS over HTTP. */
@ApplicationScoped
class HttpResourceAuthorizationServer implements ResourceAuthorizationServer {

    private static final Logger LOG = Logger.getLogger(HttpResourceAuthorizationServer.class);

    private final Discovery discovery;
    private final Capability capability;
    private final Circuits circuits;
    private final TokenEndpoint endpoint;
    private final RedeemedAnswer redeemedAnswer;
    private final Revocation revocation;

    HttpResourceAuthorizationServer(
            Discovery discovery,
            Capability capability,
            Circuits circuits,
            TokenEndpoint endpoint,
            RedeemedAnswer redeemedAnswer,
            Revocation revocation) {
        this.discovery = discovery;
        this.capability = capability;
        this.circuits = circuits;
        this.endpoint = endpoint;
        this.redeemedAnswer = redeemedAnswer;
        this.revocation = revocation;
    }

    @Override
    public void confirm(Server server) {
        Metadata metadata = discovery.of(server);
        capability.check(server, metadata);
        if (server.authFor().isEmpty()) {
            checkCircuit(server, metadata, server.auth());
        }
    }

    @Override
    public Redemption redeem(Server server, Client client, IdJag idJag, Scopes scopes) {
        Metadata metadata = discovery.of(server);
        capability.check(server, metadata);
        Credentials credentials = server.credentialsFor(client);
        checkCircuit(server, metadata, credentials);
        Scopes atMost = scopes.minus(scopes.minus(idJag.scopes()));
        TokenAnswer answer = endpoint.post(Hop.RAS, server.peer(), metadata, credentials, form(server, idJag, atMost));
        return switch (answer) {
            case TokenAnswer.Granted granted -> {
                circuits.close(metadata, credentials);
                yield new Redemption.Redeemed(redeemedAnswer.checked(
                        new RedeemedAnswer.Asked(server, metadata, credentials, atMost), granted.document()));
            }
            case TokenAnswer.Refused refused -> refused(server, metadata, credentials, refused);
            case TokenAnswer.Busy busy ->
                throw new Unavailable(Hop.RAS.code(), busy.retryAfter(), busy.detail()).refusal();
            case TokenAnswer.Unsent unsent ->
                new Redemption.TryAgain(new Unavailable(Hop.RAS.code(), unsent.retryAfter(), unsent.detail()));
            case TokenAnswer.Down down ->
                new Redemption.TryAgain(new Unavailable(Hop.RAS.code(), down.retryAfter(), down.detail()));
            case TokenAnswer.Lost lost ->
                new Redemption.TryAgain(new Unavailable(Hop.RAS.code(), lost.retryAfter(), lost.detail()));
            case TokenAnswer.Nonsense nonsense -> throw fault(server, nonsense.detail());
        };
    }

    @Override
    public Revoked revoke(Server server, Optional<Client> client, Secret token) {
        return revocation.revoke(server, client, token);
    }

    /** The whole body but for the client authentication (RULES E1). */
    static Map<String, String> form(Server server, IdJag idJag, Scopes scopes) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", Capability.JWT_BEARER);
        form.put("assertion", idJag.assertion().reveal());
        if (server.sendResource()) {
            form.put("resource", server.resource());
        }
        if (server.sendScope() && !scopes.isEmpty()) {
            form.put("scope", scopes.toString());
        }
        return form;
    }

    private Redemption refused(Server server, Metadata metadata, Credentials credentials, TokenAnswer.Refused refused) {
        return switch (refused.error()) {
            case "invalid_grant" -> {
                discovery.doubt(Hop.RAS, metadata.issuer());
                yield new Redemption.TryAgain(denied(server, refused));
            }
            case "access_denied", "invalid_target", "invalid_scope" ->
                throw denied(server, refused).refusal();
            case "invalid_client" -> {
                LOG.errorf(
                        "alert: the authorization server refuses our credentials, it is left alone for a while"
                                + " server=%s client_id=%s detail=%s",
                        server.name(), credentials.clientId(), refused.detail());
                circuits.open(metadata, credentials);
                throw fault(server, refused.detail());
            }
            case "unsupported_grant_type", "unauthorized_client" ->
                throw fault(server, "not capable of redeeming an ID-JAG for us: " + refused.detail());
            case "use_dpop_nonce" -> throw fault(server, "wants DPoP, which is not supported: " + refused.detail());
            default -> throw fault(server, refused.detail());
        };
    }

    private void checkCircuit(Server server, Metadata metadata, Credentials credentials) {
        if (circuits.isOpen(metadata, credentials)) {
            throw fault(server, "it refused our credentials a moment ago and is not asked again yet");
        }
    }

    private static PeerDenied denied(Server server, TokenAnswer.Refused refused) {
        return new PeerDenied(Hop.RAS, server.peer().name(), refused.error(), refused.detail());
    }

    private static Refusal fault(Server server, String what) {
        return new PeerFault(
                        Hop.RAS, server.peer().name(), "the authorization server of " + server.name() + ": " + what)
                .refusal();
    }
}
