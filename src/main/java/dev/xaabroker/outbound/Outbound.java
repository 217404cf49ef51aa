package dev.xaabroker.outbound;

import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.Secret;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Sends the broker's requests to IdPs and RASs. Blocking; made for virtual threads. */
public interface Outbound {

    /** One that lives by itself, for a command that runs without the application. */
    interface Alone extends Outbound, AutoCloseable {

        @Override
        void close();
    }

    /**
     * A client by the same rules, outside the application.
     *
     * @param development opens loopback addresses, and plain http on them
     */
    static Alone alone(boolean development) {
        return alone(development, Optional.empty());
    }

    /** @param trustCertificates a PEM bundle of certificates to trust beside the JDK's roots */
    static Alone alone(boolean development, Optional<Path> trustCertificates) {
        return new AloneOutbound(development, trustCertificates);
    }

    /**
     * Fetches a metadata document. At most two redirects, each hop checked like the first.
     *
     * @throws OutboundException when no usable answer came
     */
    Answer getMetadata(Peer peer, String url);

    /**
     * Fetches a JWK Set. A redirect is an error.
     *
     * @throws OutboundException when no usable answer came
     */
    Answer getKeys(Peer peer, String url);

    /**
     * Fetches what an access token opens (RFC 6750 s2.1). A redirect is an error: the token goes nowhere else.
     *
     * @throws OutboundException when no usable answer came
     */
    Answer getProtected(Peer peer, String url, Secret accessToken);

    /**
     * Posts a form. A redirect is an error, and nothing is ever sent twice.
     *
     * @param headers further request headers, {@code Authorization} among them
     * @param form {@code application/x-www-form-urlencoded} parameters in order
     * @throws OutboundException when no usable answer came
     */
    Answer postForm(Peer peer, String url, Map<String, String> headers, Map<String, String> form);

    /**
     * Posts JSON, or patches with it, what an access token opens (RFC 6750 s2.1). A redirect is an error: the token goes
     * nowhere else, and nothing is ever sent twice.
     *
     * @throws OutboundException when no usable answer came
     */
    Answer sendJson(Peer peer, Verb verb, String url, Secret accessToken, String json);

    /** How {@link #sendJson} sends. */
    enum Verb {
        POST,
        PATCH
    }
}
