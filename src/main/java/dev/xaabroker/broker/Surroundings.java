package dev.xaabroker.broker;

import dev.xaabroker.grant.Check;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.session.StoreCheckup;
import dev.xaabroker.state.RedisCheckup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** What a broker stands on: its own settings, its keys, its database, its Redis. */
final class Surroundings {

    private static final String LOOPBACK_HTTP = "http://(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]+)?(/.*)?";

    private final Settings settings;
    private final boolean offline;
    private final Clock clock = Clock.systemUTC();

    Surroundings(Settings settings, boolean offline) {
        this.settings = settings;
        this.offline = offline;
    }

    /** What to look at, by name. */
    Map<String, Callable<List<Check>>> work() {
        Map<String, Callable<List<Check>>> work = new LinkedHashMap<>();
        List<Check> own = new ArrayList<>(settings());
        Optional<KeyRing> ring = keys(own);
        work.put("broker", () -> own);
        if (!offline) {
            work.put("database", () -> StoreCheckup.of(settings.store(), ring, clock, settings.clockSkew()));
            work.put("state", this::state);
        }
        return work;
    }

    private List<Check> settings() {
        List<Check> checks = new ArrayList<>();
        checks.add(issuer(settings.issuer().orElse("")));
        if (settings.development()) {
            checks.add(Check.warning(
                    "development switch",
                    "xaa.outbound.development opens loopback addresses, and http on them",
                    "never set it where real users are"));
        }
        replicas().ifPresent(checks::add);
        return checks;
    }

    private Optional<Check> replicas() {
        String replicas = settings.text("xaa.replicas").orElse("1").strip();
        boolean alone = settings.store().isEmbedded() || settings.redis().isEmpty();
        return replicas.equals("1") || !alone
                ? Optional.empty()
                : Optional.of(Check.fault(
                        "replicas",
                        "xaa.replicas=" + replicas + ", and "
                                + (settings.store().isEmbedded() ? "the embedded database" : "state in the process")
                                + " serves one",
                        "set quarkus.datasource.jdbc.url to a PostgreSQL and quarkus.redis.hosts, or xaa.replicas=1"));
    }

    private Check issuer(String issuer) {
        if (issuer.isEmpty()) {
            return Check.fault("issuer", "xaa.oauth.issuer is not set", "set it to the https address that clients use");
        }
        if (issuer.startsWith("https://")) {
            return Check.ok("issuer", issuer);
        }
        return settings.development() && issuer.matches(LOOPBACK_HTTP)
                ? Check.ok("issuer", issuer + ", for development")
                : Check.fault(
                        "issuer",
                        issuer + " is not https: tokens and secrets would pass in the clear",
                        "set xaa.oauth.issuer to the https address that clients use");
    }

    private Optional<KeyRing> keys(List<Check> checks) {
        Optional<Path> file = settings.keyFile();
        if (settings.makesKeyFile() && file.filter(Files::notExists).isPresent()) {
            checks.add(Check.ok("key ring", "made at the first start in " + file.get()));
            return Optional.empty();
        }
        try {
            KeyRing ring = settings.keyRing();
            checks.add(
                    Check.ok("key ring", file.map(Path::toString).orElse("xaa.keys.json") + ", key " + ring.current()));
            return Optional.of(ring);
        } catch (IllegalArgumentException | IllegalStateException unusable) {
            checks.add(Check.fault(
                    "key ring",
                    String.valueOf(unusable.getMessage()),
                    "give the broker the key file that its database was written with (xaa.keys.file), readable by its"
                            + " user alone"));
            return Optional.empty();
        }
    }

    private List<Check> state() {
        return settings.redis()
                .map(url -> RedisCheckup.of(url, settings.redisPassword(), clock, settings.clockSkew()))
                .orElseGet(() ->
                        List.of(Check.ok("Redis", "none is configured: one node, with the state in its process")));
    }
}
