package dev.xaabroker.exchange;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.Failure.PeerFault;
import dev.xaabroker.grant.IdJag;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.User;
import dev.xaabroker.keys.IdJagVerifier;
import dev.xaabroker.keys.IdJagVerifier.Expected;
import dev.xaabroker.keys.IdJagVerifier.IdJagClaims;
import dev.xaabroker.keys.JwtRejected;
import dev.xaabroker.keys.KeyedHash;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks what an IdP issued before it goes anywhere: the answer around it (RULES B8, B9), the JWT itself (C1 to C3) and
 * its resource (C4). Whatever does not hold is discarded with a PeerFault. A {@code refresh_token} is never looked at.
 */
@ApplicationScoped
class IdJagAnswer {

    private final KeySets keys;
    private final IdJagVerifier verifier;
    private final KeyedHash hash;

    IdJagAnswer(KeySets keys, IdJagVerifier verifier, KeyedHash hash) {
        this.keys = keys;
        this.verifier = verifier;
        this.hash = hash;
    }

    /** What was asked for, and so what the answer is measured by. */
    record Asked(
            IdentityProviderEntry idp, Client client, Server server, Scopes scopes, User expected, Dialect dialect) {

        Refusal fault(String what) {
            return new PeerFault(Hop.IDP, idp.peer().name(), idp.name() + ": " + what).refusal();
        }
    }

    /**
     * The ID-JAG in {@code document}.
     *
     * @throws Refusal PeerFault when anything about it is wrong, Unavailable when the IdP's keys cannot be had
     */
    IdJag checked(Asked asked, Document document) {
        try {
            String jwt = envelope(asked, document);
            IdJagClaims claims = verified(asked, jwt);
            if (!hash.user(asked.idp().tenant(), asked.idp().issuer(), claims.subject())
                    .equals(asked.expected())) {
                throw asked.fault("it issued an assertion about another user");
            }
            checkResource(asked, claims, document.textOrTexts("resource"));
            return new IdJag(
                    Secret.of(jwt),
                    claims.id(),
                    granted(asked, claims, document.text("scope")),
                    claims.expires(),
                    asked.dialect().standIn());
        } catch (Document.Malformed malformed) {
            throw asked.fault("in its token exchange answer, " + malformed.getMessage());
        }
    }

    private static String envelope(Asked asked, Document document) {
        Dialect dialect = asked.dialect();
        if (!document.required("issued_token_type").equals(dialect.requestedType())) {
            throw asked.fault("it issued a token of another type than was asked for");
        }
        if (!dialect.tokenTypes().contains(document.required("token_type").toUpperCase(Locale.ROOT))) {
            throw asked.fault("its token_type is not one of " + dialect.tokenTypes());
        }
        return document.required("access_token");
    }

    private IdJagClaims verified(Asked asked, String jwt) {
        // Keycloak names the client that exchanged (azp), an ID-JAG the client that will redeem (client_id).
        String clientId = asked.dialect().standIn()
                ? asked.client().atIdentityProvider().clientId()
                : asked.server().credentialsFor(asked.client()).clientId();
        Expected expected = new Expected(
                asked.idp().issuer(),
                asked.server().audience(),
                clientId,
                asked.dialect().standIn());
        try {
            return keys.verified(asked.idp(), jwks -> verifier.verify(jwt, jwks, expected));
        } catch (JwtRejected rejected) {
            throw asked.fault("its assertion does not hold: " + rejected.getMessage());
        }
    }

    private static void checkResource(Asked asked, IdJagClaims claims, Optional<List<String>> answered) {
        List<String> claimed = claims.resources();
        answered.ifPresent(values -> {
            if (values.size() != claimed.size() || !new HashSet<>(values).equals(new HashSet<>(claimed))) {
                throw asked.fault("its answer names another resource than its assertion");
            }
        });
        if (claimed.isEmpty()) {
            if (!asked.dialect().standIn() && !asked.idp().resourcePinned()) {
                throw asked.fault("its assertion names no resource; if it never does, and the audience alone"
                        + " identifies the server, set idJag.resource to pinned");
            }
        } else if (!claimed.equals(List.of(asked.server().resource()))) {
            throw asked.fault("its assertion names another resource than was asked for");
        }
    }

    private static Scopes granted(Asked asked, IdJagClaims claims, Optional<String> answered) {
        if (asked.dialect().standIn()) {
            return grantedByStandIn(asked, answered);
        }
        Scopes byAnswer = within(asked, answered);
        Scopes byClaim = within(asked, Optional.ofNullable(claims.scope()));
        return byAnswer.minus(byAnswer.minus(byClaim));
    }

    /** Keycloak lists its own client scopes too, whatever was asked: those say nothing about the MCP server. */
    private static Scopes grantedByStandIn(Asked asked, Optional<String> answered) {
        if (!asked.idp().sendScope() || answered.isEmpty()) {
            return asked.scopes();
        }
        Scopes notGranted = asked.scopes().minus(scopes(asked, answered.get()));
        return asked.scopes().minus(notGranted);
    }

    private static Scopes scopes(Asked asked, String said) {
        try {
            return Scopes.parse(said);
        } catch (IllegalArgumentException malformed) {
            throw asked.fault("its scope is malformed");
        }
    }

    private static Scopes within(Asked asked, Optional<String> said) {
        Scopes scopes = said.map(value -> scopes(asked, value)).orElse(asked.scopes());
        if (!asked.scopes().containsAll(scopes)) {
            throw asked.fault("it granted a scope that was not asked for");
        }
        return scopes;
    }
}
