package dev.xaabroker.state;

import dev.xaabroker.grant.Failure;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What Redis remembers, and since when. A marker stands in it, with a random id and the {@code run_id} of the server that
 * it was made on; the names of all entries begin with that id. Every script looks at the marker first, in the same trip: on a
 * Redis that was restarted, emptied or failed over it is absent, or not of this server, or counts less than this process has
 * seen. Then a new memory begins, and nothing of the old one is found any more.
 *
 * <p>All names share one slot of a cluster, because what is to be believed must stand on one server with its marker.
 */
final class RedisMemory {

    private static final Logger LOG = Logger.getLogger(RedisMemory.class);
    private static final String SLOT = "{xaa}:";
    private static final String MARKER = SLOT + "memory";
    private static final int ATTEMPTS = 3;

    /** A server that does not let us ask for its run id is told by the count alone. */
    private static final String RUN = """
            local info = redis.pcall('INFO', 'server')
            local run = type(info) == 'string' and string.match(info, 'run_id:(%x+)') or ''
            """;

    private static final String UNLESS_LOST = RUN + """
            local m = redis.call('HMGET', KEYS[1], 'id', 'run', 'count')
            if m[1] ~= ARGV[1] or m[2] ~= run or tonumber(m[3]) < tonumber(ARGV[2]) then return {} end
            """;
    private static final String ENTER = RUN + """
            local m = redis.call('HMGET', KEYS[1], 'id', 'run', 'count', 'since')
            if m[1] and m[2] == run and (m[1] ~= ARGV[1] or tonumber(m[3]) >= tonumber(ARGV[2])) then
                return {m[1], m[4], m[3], run, 'known'}
            end
            redis.call('HSET', KEYS[1], 'id', ARGV[3], 'run', run, 'count', 0, 'since', ARGV[4])
            return {ARGV[3], ARGV[4], '0', run, m[1] and 'replaced' or 'absent'}
            """;

    private final Function<Request, @Nullable Response> send;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private volatile Known known = new Known("", Instant.MAX, 0);
    private volatile boolean saidThatInfoIsForbidden;

    RedisMemory(Function<Request, @Nullable Response> send, Clock clock) {
        this.send = send;
        this.clock = clock;
    }

    /**
     * A memory as this process knows it.
     *
     * @param count of the entries made in it that must not be lost; it never falls
     */
    private record Known(String id, Instant since, long count) {}

    /** When the memory began that the last command of this process met; the end of time before the first. */
    Instant since() {
        return known.since();
    }

    /**
     * Runs {@code script} in the present memory.
     *
     * @param script finds the names in {@code KEYS} from 2 on, the arguments in {@code ARGV} from 3 on; returns no empty table
     */
    @Nullable
    Response run(String script, List<String> names, Object... arguments) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Known now = known;
            if (!now.id().isEmpty()) {
                Response answer = send.apply(request(UNLESS_LOST + script, now, names, arguments));
                if (answer == null || answer.type() != ResponseType.MULTI || answer.size() > 0) {
                    return answer;
                }
            }
            enter(now);
        }
        throw new Failure.Unavailable("state", Duration.ofSeconds(2), "Redis lost its memory time and again").refusal();
    }

    /**
     * As {@link #run}, for what must not be lost: counted, so that a Redis that went back to an earlier state is known by it.
     *
     * @param script leaves its answer in {@code answer}, a number
     */
    long runCounted(String script, List<String> names, Object... arguments) {
        String counted = script + "return {answer, redis.call('HINCRBY', KEYS[1], 'count', 1), ARGV[1]}";
        Response answer = run(counted, names, arguments);
        if (answer == null) {
            return 0;
        }
        seen(answer.get(2).toString(), answer.get(1).toLong());
        return answer.get(0).toLong();
    }

    /** Makes itself known with what Redis remembers, or begins a new memory. */
    void enter() {
        enter(known);
    }

    private void enter(Known before) {
        Response answer = send.apply(request(
                ENTER,
                before,
                List.of(),
                randomId(),
                Long.toString(clock.instant().toEpochMilli())));
        if (answer == null) {
            return;
        }
        Instant since = Instant.ofEpochMilli(Long.parseLong(answer.get(1).toString()));
        Known found = new Known(
                answer.get(0).toString(), since, Long.parseLong(answer.get(2).toString()));
        if (replaced(before, found)) {
            say(
                    answer.get(4).toString(),
                    before,
                    since,
                    answer.get(3).toString().isEmpty());
        }
    }

    private synchronized void seen(String id, long count) {
        if (known.id().equals(id) && known.count() < count) {
            known = new Known(id, known.since(), count);
        }
    }

    /** Whether this thread was the first to learn of it. */
    private synchronized boolean replaced(Known before, Known found) {
        if (!known.id().equals(before.id()) || known.id().equals(found.id())) {
            return false;
        }
        known = found;
        return true;
    }

    private void say(String how, Known before, Instant since, boolean infoForbidden) {
        boolean begun = !how.equals("known");
        if (begun && (how.equals("replaced") || !before.id().isEmpty())) {
            LOG.warnf(
                    "Redis was restarted, emptied or failed over: its entries are discarded and client assertions issued"
                            + " before now are refused since=%s",
                    since);
        } else {
            LOG.infof("Redis remembers since=%s", since);
        }
        if (infoForbidden && !saidThatInfoIsForbidden) {
            saidThatInfoIsForbidden = true;
            LOG.warn(
                    "Redis does not let scripts read INFO: a fail-over to a replica that lags is noticed only by processes"
                            + " that have seen more than it has; allow +info");
        }
    }

    private static Request request(String script, Known memory, List<String> names, Object... arguments) {
        Request request =
                Request.cmd(Command.EVAL).arg(script).arg(1 + names.size()).arg(MARKER);
        names.forEach(name -> request.arg(SLOT + memory.id() + ":" + name));
        request.arg(memory.id()).arg(memory.count());
        for (Object argument : arguments) {
            if (argument instanceof byte[] bytes) {
                request.arg(Buffer.buffer(bytes));
            } else {
                request.arg(argument.toString());
            }
        }
        return request;
    }

    private String randomId() {
        byte[] id = new byte[12];
        random.nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }
}
