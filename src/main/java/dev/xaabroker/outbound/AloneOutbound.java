package dev.xaabroker.outbound;

import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.Secret;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The hardened client with an event loop of its own. */
final class AloneOutbound implements Outbound.Alone {

    private final Vertx vertx;
    private final VertxOutbound outbound;

    private record Config(boolean development, Optional<Path> trustCertificates) implements OutboundConfig {}

    AloneOutbound(boolean development, Optional<Path> trustCertificates) {
        // As Quarkus sets it: names are looked up by the system, whose answers this room checks before it connects.
        System.setProperty("vertx.disableDnsResolver", "true");
        // A command makes a handful of requests: it needs no Unsafe, and Java 25 would warn its user of it. The binary
        // does not
        // warn, and was built for the buffers that need it: without them it connects and never sends.
        if (System.getProperty("org.graalvm.nativeimage.imagecode") == null) {
            System.setProperty("io.netty.noUnsafe", "true");
        }
        vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        outbound = new VertxOutbound(vertx, new Config(development, trustCertificates), InetAddress::getAllByName);
    }

    @Override
    public Answer getMetadata(Peer peer, String url) {
        return outbound.getMetadata(peer, url);
    }

    @Override
    public Answer getKeys(Peer peer, String url) {
        return outbound.getKeys(peer, url);
    }

    @Override
    public Answer getProtected(Peer peer, String url, Secret accessToken) {
        return outbound.getProtected(peer, url, accessToken);
    }

    @Override
    public Answer postForm(Peer peer, String url, Map<String, String> headers, Map<String, String> form) {
        return outbound.postForm(peer, url, headers, form);
    }

    @Override
    public Answer sendJson(Peer peer, Verb verb, String url, Secret accessToken, String json) {
        return outbound.sendJson(peer, verb, url, accessToken, json);
    }

    @Override
    public void close() {
        outbound.close();
        vertx.close();
    }
}
