package dev.xaabroker.outbound;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.TrustOptions;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The one pool of connections, and what is never negotiable on them. */
final class Client {

    /** {@link Lanes} is the limit; the pool must not be a second, hidden one. */
    private static final int MOST_CONNECTIONS_PER_ADDRESS = 4096;

    /** Shorter than servers usually wait, as a request on a connection that the server just closed counts as lost. */
    private static final int KEEP_ALIVE_SECONDS = 4;

    /** How long an attempt may linger that nobody waits for any more. */
    private static final int LINGER_SECONDS = 10;

    private static final int HEADER_BYTES = 16 * 1024;

    private Client() {}

    static HttpClient create(Vertx vertx, Optional<Path> trustCertificates) {
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setTrustAll(false)
                .setVerifyHost(true)
                .setEnabledSecureTransportProtocols(new LinkedHashSet<>(List.of("TLSv1.2", "TLSv1.3")))
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setUseAlpn(false)
                .setDecompressionSupported(false)
                .setMaxRedirects(0)
                .setMaxHeaderSize(HEADER_BYTES)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setConnectTimeout(LINGER_SECONDS * 1000);
        options.setSslHandshakeTimeout(LINGER_SECONDS).setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
        trustCertificates.map(Trust::with).map(TrustOptions::wrap).ifPresent(options::setTrustOptions);
        return vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS_PER_ADDRESS));
    }
}
