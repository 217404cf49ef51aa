package dev.xaabroker.outbound;

import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.outbound.OutboundException.Kind;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client on Vert.x, because it connects to an address that we choose while {@code Host}, SNI and the check of
 * the certificate keep the name: an address that was checked is the address that is used, whatever DNS says next.
 */
@ApplicationScoped
class VertxOutbound implements Outbound {

    private static final Logger LOG = Logger.getLogger(VertxOutbound.class);
    private static final int DOCUMENT_BYTES = 256 * 1024;
    private static final int TOKEN_BYTES = 64 * 1024;
    private static final int HOPS = 2;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final boolean development;
    private final Resolver resolver;
    private final HttpClient client;
    private final Context loop;
    private final Lanes lanes = new Lanes();

    @Inject
    VertxOutbound(Vertx vertx, OutboundConfig config) {
        this(vertx, config, InetAddress::getAllByName);
    }

    VertxOutbound(Vertx vertx, OutboundConfig config, Resolver.Lookup lookup) {
        this.development = config.development();
        this.resolver = new Resolver(lookup);
        this.client = Client.create(vertx, config.trustCertificates());
        // One context, and so one event loop, for all calls: what a Call does to its connection is never out of date.
        this.loop = ((VertxInternal) vertx).createEventLoopContext();
    }

    void start(@Observes StartupEvent event) {
        if (development) {
            LOG.warn(
                    "DEVELOPMENT SWITCH IS ON: xaa.outbound.development=true opens loopback addresses and http on them."
                            + " Never use it where real users are.");
        }
    }

    @PreDestroy
    void close() {
        client.close();
        resolver.close();
    }

    @Override
    public Answer getMetadata(Peer peer, String url) {
        Deadline deadline = Deadline.in(peer.timeout());
        return lanes.with(peer, deadline, () -> {
            Target target = Target.parse(url, development);
            for (int hop = 0; ; hop++) {
                Answer answer = send(peer, target, get(), null, DOCUMENT_BYTES, deadline);
                Optional<String> location = answer.header("location");
                if (!REDIRECTS.contains(answer.status()) || location.isEmpty() || hop == HOPS) {
                    return withoutRedirect(target, answer);
                }
                target = target.redirected(location.get(), development);
            }
        });
    }

    @Override
    public Answer getKeys(Peer peer, String url) {
        return getWithoutRedirect(peer, url, get());
    }

    @Override
    public Answer getProtected(Peer peer, String url, Secret accessToken) {
        return getWithoutRedirect(peer, url, opening(get(), accessToken));
    }

    @Override
    public Answer sendJson(Peer peer, Verb verb, String url, Secret accessToken, String json) {
        RequestOptions options = opening(options(HttpMethod.valueOf(verb.name())), accessToken)
                .putHeader("Content-Type", "application/json");
        return withoutRedirect(peer, url, options, Buffer.buffer(json), DOCUMENT_BYTES);
    }

    private static RequestOptions opening(RequestOptions options, Secret accessToken) {
        try {
            return options.putHeader("Authorization", "Bearer " + accessToken.reveal());
        } catch (IllegalArgumentException e) {
            throw new OutboundException(Kind.REFUSED, "the access token cannot stand in a header");
        }
    }

    private Answer getWithoutRedirect(Peer peer, String url, RequestOptions options) {
        return withoutRedirect(peer, url, options, null, DOCUMENT_BYTES);
    }

    private Answer withoutRedirect(Peer peer, String url, RequestOptions options, @Nullable Buffer body, int most) {
        Deadline deadline = Deadline.in(peer.timeout());
        Target target = Target.parse(url, development);
        return lanes.with(
                peer, deadline, () -> withoutRedirect(target, send(peer, target, options, body, most, deadline)));
    }

    @Override
    public Answer postForm(Peer peer, String url, Map<String, String> headers, Map<String, String> form) {
        RequestOptions options =
                options(HttpMethod.POST).putHeader("Content-Type", "application/x-www-form-urlencoded");
        try {
            headers.forEach(options::putHeader);
        } catch (IllegalArgumentException e) {
            throw new OutboundException(Kind.REFUSED, peer.name() + ": a request header holds a forbidden character");
        }
        return withoutRedirect(peer, url, options, Buffer.buffer(encoded(form)), TOKEN_BYTES);
    }

    private static Answer withoutRedirect(Target target, Answer answer) {
        if (answer.status() >= 300 && answer.status() < 400) {
            throw new OutboundException(
                    Kind.UNUSABLE, target.host() + ": answered with a redirect (" + answer.status() + ")");
        }
        return answer;
    }

    private static RequestOptions get() {
        return options(HttpMethod.GET);
    }

    private static RequestOptions options(HttpMethod method) {
        return new RequestOptions()
                .setMethod(method)
                .putHeader("Accept", "application/json")
                .putHeader("User-Agent", "xaa-broker");
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** Tries the addresses of the host one after the other for as long as nothing was sent. */
    private Answer send(
            Peer peer, Target target, RequestOptions options, @Nullable Buffer body, int most, Deadline deadline) {
        List<InetAddress> addresses = checked(peer, target, deadline);
        options.setSsl(target.tls())
                .setHost(target.authorityHost())
                .setPort(target.port())
                .setURI(target.requestUri());
        for (int next = 0; ; next++) {
            InetAddress address = addresses.get(next);
            options.setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, target.port())))
                    .setConnectTimeout(deadline.share(addresses.size() - next).toMillis());
            try {
                return new Call(client, loop, target.host(), most).await(options, body, deadline);
            } catch (OutboundException failed) {
                if (failed.kind() != Kind.NOT_SENT || next == addresses.size() - 1) {
                    throw failed;
                }
            }
        }
    }

    /** All addresses of the host, each of them allowed: one that is not spoils the name, or DNS could be made to choose. */
    private List<InetAddress> checked(Peer peer, Target target, Deadline deadline) {
        List<InetAddress> addresses = resolver.resolve(target.host(), deadline);
        for (InetAddress address : addresses) {
            Optional<String> refusal = target.tls() || address.isLoopbackAddress()
                    ? AddressRules.refusal(address, peer.network(), development)
                    : Optional.of("http is for loopback addresses only");
            if (refusal.isPresent()) {
                throw new OutboundException(Kind.REFUSED, target.host() + ": " + refusal.get());
            }
        }
        return addresses;
    }
}
