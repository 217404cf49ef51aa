package dev.xaabroker.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.AccessToken;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.SingleUse;
import dev.xaabroker.grant.User;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.keys.KeyedHash;
import dev.xaabroker.keys.Sealer;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who watches Redis, or takes a dump of it, learns nothing. */
class RedisSecrecyTest {

    private static final String CANARY = "canary";

    @Test
    @Timeout(60)
    @Rules({"F3", "K5"})
    void showsNoTokenAndNoPersonInMonitorOrDump() throws IOException {
        try (RealRedis redis = new RealRedis();
                Socket watching = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
            watching.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream seen = watching.getInputStream();
            assertThat(until(seen, "\r\n")).isEqualTo("+OK\r\n");

            use(new RedisState(redis.client(), Duration.ofSeconds(5), 6, Clock.systemUTC()));
            StringBuilder dump = dump(redis);
            redis.send(Command.ECHO, "the end");

            String monitor = until(seen, "the end");
            assertThat(monitor).contains("tok:").contains("use:").doesNotContainIgnoringCase(CANARY);
            assertThat(dump.toString()).contains("tok:").contains("use:").doesNotContainIgnoringCase(CANARY);
        }
    }

    private static void use(State state) {
        KeyRing ring = KeyRing.of(KeyRing.generate());
        KeyedHash hash = new KeyedHash(ring);
        Instant now = Clock.systemUTC().instant();
        User user = hash.user("acme", "https://idp.example", "canary@acme.example");
        CacheKey key = new CacheKey(
                "canary-tenant",
                "https://canary.example",
                "canary-session",
                user,
                "canary-client",
                "https://canary.example/mcp",
                "https://canary.example",
                Scopes.of("canary"),
                "canary",
                "canary");
        AccessToken token =
                new AccessToken(Secret.of("canary-token"), "Bearer", Scopes.of("canary"), now, Duration.ofMinutes(5));
        IssuedTokens tokens = new IssuedTokens(state, new Sealer(ring), hash);
        State.Lease lease = tokens.lease(key, Duration.ofSeconds(5)).orElseThrow();
        tokens.store(
                key,
                new CachedToken(user, "canary-client", key.resource(), 1, token, now.plusSeconds(300)),
                now,
                lease);
        assertThat(tokens.find(key, now)).isPresent();
        ReplayMarks marks = new ReplayMarks(state, hash, Clock.systemUTC());
        assertThat(marks.use("assertion", "canary-client", "canary-jti", now.plusSeconds(1), now.plusSeconds(60)))
                .isEqualTo(SingleUse.FIRST);
    }

    private static StringBuilder dump(RealRedis redis) {
        StringBuilder dump = new StringBuilder();
        for (Response key : redis.send(Command.KEYS, "*")) {
            dump.append(key).append(' ');
            boolean marker =
                    "hash".equals(redis.send(Command.TYPE, key.toString()).toString());
            Response value = redis.send(marker ? Command.HGETALL : Command.GET, key.toString());
            dump.append(marker ? value.toString() : new String(value.toBytes(), StandardCharsets.ISO_8859_1))
                    .append('\n');
        }
        return dump;
    }

    private static String until(InputStream in, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            read.append((char) next);
        }
        return read.toString();
    }
}
