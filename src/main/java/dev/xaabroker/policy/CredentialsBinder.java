package dev.xaabroker.policy;

import dev.xaabroker.grant.AssertionShape;
import dev.xaabroker.grant.ClientAuth;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.SigningKey;
import java.util.Map;
import java.util.Optional;

/** Reads how a client proves itself to the broker, and the broker to a peer. */
final class CredentialsBinder {

    private enum Method {
        PRIVATE_KEY_JWT,
        CLIENT_SECRET_BASIC,
        CLIENT_SECRET_POST
    }

    private static final Map<String, Method> METHODS = Values.lowerCase(Method.values());

    private final References references;

    CredentialsBinder(References references) {
        this.references = references;
    }

    /** {@code clients.X.auth}: how the client proves itself to the broker. */
    Optional<ClientAuth> clientAuth(Fields fields) {
        Method method = method(fields).orElse(null);
        if (method == null) {
            return Optional.empty();
        }
        Optional<ClientAuth> auth =
                switch (method) {
                    case PRIVATE_KEY_JWT -> jwks(fields).map(ClientAuth.PrivateKeyJwt::new);
                    case CLIENT_SECRET_BASIC -> secret(fields).map(ClientAuth.SecretBasic::new);
                    case CLIENT_SECRET_POST -> secret(fields).map(ClientAuth.SecretPost::new);
                };
        fields.done();
        return auth;
    }

    /**
     * The broker's registration at a peer.
     *
     * @param standard the assertion's shape unless {@code fields} says otherwise
     */
    Optional<Credentials> atPeer(Fields fields, AssertionShape standard) {
        String clientId = fields.requiredText("clientId", "the client id at that server")
                .map(Text::value)
                .orElse("");
        Method method = method(fields).orElse(null);
        if (method == null) {
            return Optional.empty();
        }
        Optional<Credentials> credentials =
                switch (method) {
                    case PRIVATE_KEY_JWT -> {
                        AssertionShape shape = shape(fields, standard);
                        yield key(fields).map(key -> new Credentials.PrivateKeyJwt(clientId, key, shape));
                    }
                    case CLIENT_SECRET_BASIC ->
                        secret(fields).map(secret -> new Credentials.SecretBasic(clientId, secret));
                    case CLIENT_SECRET_POST ->
                        secret(fields).map(secret -> new Credentials.SecretPost(clientId, secret));
                };
        fields.done();
        return credentials;
    }

    /** {@code audience} and {@code typ} of a client assertion (RULES B5, E3); what is absent is as in {@code standard}. */
    static AssertionShape shape(Fields fields, AssertionShape standard) {
        String audience = fields.text("audience").map(Text::value).orElse(standard.audience());
        Text type = fields.text("typ").orElse(null);
        if (type == null) {
            return new AssertionShape(audience, standard.type());
        }
        return new AssertionShape(audience, type.value().equals("none") ? null : type.value());
    }

    private Optional<Method> method(Fields fields) {
        fields.require("method", "private_key_jwt, client_secret_basic or client_secret_post");
        return Values.choice(fields, "method", METHODS);
    }

    private Optional<Secret> secret(Fields fields) {
        return fields.requiredText("secret", "env:NAME or file:PATH").flatMap(references::secret);
    }

    private Optional<SigningKey> key(Fields fields) {
        return fields.requiredText("key", "env:NAME or file:PATH of the private key, PEM or JWK")
                .flatMap(references::signingKey);
    }

    private Optional<String> jwks(Fields fields) {
        return fields.requiredText("jwks", "file:PATH or env:NAME of the client's public JWK Set")
                .flatMap(references::jwks);
    }
}
