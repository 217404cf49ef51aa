package dev.xaabroker.state;

import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Properties;
import redis.embedded.RedisServer;

/** A Redis server of this test and the client that Quarkus would make for it. */
final class RealRedis implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final int port;
    private final Redis client;
    private RedisServer server;

    RealRedis() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        client = client(port);
        start();
    }

    /** The client that Quarkus would make, for a Redis that is reached at {@code via}. */
    Redis client(int via) throws IOException {
        return Redis.createClient(
                vertx,
                new RedisOptions()
                        .setConnectionString("redis://127.0.0.1:" + via)
                        .setMaxPoolSize(shipped("quarkus.redis.max-pool-size"))
                        .setMaxPoolWaiting(shipped("quarkus.redis.max-pool-waiting")));
    }

    /** A setting that the broker ships with. */
    private static int shipped(String setting) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = RealRedis.class.getResourceAsStream("/application.properties")) {
            properties.load(in);
        }
        return Integer.parseInt(properties.getProperty(setting));
    }

    void start() throws IOException {
        server = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("maxmemory-policy noeviction")
                .setting("save \"\"")
                .build();
        server.start();
    }

    void stop() throws IOException {
        server.stop();
    }

    Redis client() {
        return client;
    }

    int port() {
        return port;
    }

    Response send(Command command, String... arguments) {
        Request request = Request.cmd(command);
        for (String argument : arguments) {
            request.arg(argument);
        }
        return client.send(request).await().atMost(Duration.ofSeconds(5));
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.stop();
        vertx.closeAndAwait();
    }
}
