package dev.xaabroker.outbound;

import dev.xaabroker.grant.Peer;
import java.util.Map;

/** Sends the broker's requests to IdPs and RASs. Blocking; made for virtual threads. */
public interface Outbound {

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
     * Posts a form. A redirect is an error, and nothing is ever sent twice.
     *
     * @param headers further request headers, {@code Authorization} among them
     * @param form {@code application/x-www-form-urlencoded} parameters in order
     * @throws OutboundException when no usable answer came
     */
    Answer postForm(Peer peer, String url, Map<String, String> headers, Map<String, String> form);
}
