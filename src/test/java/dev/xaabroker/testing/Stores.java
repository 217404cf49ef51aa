package dev.xaabroker.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import redis.embedded.RedisServer;

/** What a broker keeps its state in: nothing but its own process and an embedded H2, or a real Redis and PostgreSQL. */
public sealed interface Stores extends AutoCloseable {

    /** Configuration that makes a broker use them. */
    Map<String, String> config();

    Connection sql() throws SQLException;

    @Override
    void close() throws IOException;

    /** Embedded mode. Other processes may open the database too, so that a test can read the ledger. */
    record Embedded(Path folder) implements Stores {

        private String url() {
            return "jdbc:h2:file:" + folder.resolve("xaa").toAbsolutePath()
                    + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;AUTO_SERVER=TRUE";
        }

        @Override
        public Map<String, String> config() {
            return Map.of("quarkus.datasource.jdbc.url", url(), "quarkus.datasource.username", "xaa");
        }

        @Override
        public Connection sql() throws SQLException {
            return DriverManager.getConnection(url(), "xaa", "");
        }

        @Override
        public void close() {}
    }

    /** Real servers on loopback, started for this object and stopped with it. */
    final class Real implements Stores {

        private final EmbeddedPostgres postgres;
        private final int redisPort = BrokerProcess.freePort();
        private RedisServer redis;

        public Real() throws IOException {
            postgres = EmbeddedPostgres.builder().start();
            startRedis();
        }

        public void startRedis() throws IOException {
            redis = RedisServer.newRedisServer()
                    .port(redisPort)
                    .bind("127.0.0.1")
                    .setting("maxmemory-policy noeviction")
                    .setting("save \"\"")
                    .build();
            redis.start();
        }

        public void stopRedis() throws IOException {
            redis.stop();
        }

        /** Deletes what {@code pattern} matches, as if it had run out. */
        public void deleteFromRedis(String pattern) throws IOException {
            redis("EVAL \"for _, k in ipairs(redis.call('KEYS', '" + pattern
                    + "')) do redis.call('DEL', k) end return 'done'\" 0");
        }

        /** How many tokens lie in the cache; the flights that fetched them leave a fence beside each. */
        public int cachedTokens() throws IOException {
            return Integer.parseInt(redis("EVAL \"local n = 0 for _, k in ipairs(redis.call('KEYS', '*:tok:*')) do"
                            + " if not string.find(k, 'flight:') then n = n + 1 end end return n\" 0")
                    .replaceAll("(?s):(\\d+).*", "$1"));
        }

        /** Sends one command, and returns what Redis says to it, as it stands on the wire. */
        public String redis(String command) throws IOException {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redisPort)) {
                socket.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                if (answer.startsWith("-")) {
                    throw new IOException("Redis answered " + answer);
                }
                return answer;
            }
        }

        public int redisPort() {
            return redisPort;
        }

        public EmbeddedPostgres postgres() {
            return postgres;
        }

        @Override
        public Map<String, String> config() {
            return Map.of(
                    "quarkus.datasource.jdbc.url",
                    postgres.getJdbcUrl("postgres", "postgres"),
                    "quarkus.datasource.username",
                    "postgres",
                    "quarkus.datasource.password",
                    "postgres",
                    "quarkus.redis.hosts",
                    "redis://127.0.0.1:" + redisPort);
        }

        @Override
        public Connection sql() throws SQLException {
            return postgres.getPostgresDatabase().getConnection();
        }

        @Override
        public void close() throws IOException {
            redis.stop();
            postgres.close();
        }
    }
}
