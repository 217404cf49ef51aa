package dev.xaabroker.policy;

import dev.xaabroker.grant.Failure;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/**
 * The policy of one file or folder. {@link #look} takes in what changed: everything is read, checked, compiled and tested
 * before one reference is swapped, and whatever goes wrong keeps what is in force. Without any the broker runs and refuses.
 */
@Startup
@ApplicationScoped
class FileManagedConnections implements ManagedConnections {

    static final Duration RETRY = Duration.ofSeconds(1);

    private static final Logger LOG = Logger.getLogger(FileManagedConnections.class);
    private static final Finding NOT_CONFIGURED = new Finding(
            "xaa.policy.file", 1, 1, "no managed-connections file is configured: set xaa.policy.file to one");

    private final Optional<Path> file;
    private final PolicyReader reader;
    private final boolean httpOnLoopback;
    private final Clock clock;
    private final Consumer<InForce> swapped;

    private volatile Standing standing = Standing.NOTHING;
    /** What the last load looked at. This and {@link #moving} belong to the one thread that looks. */
    private Footprint last = new Footprint();

    /** A change that was seen once and has to be seen again before it counts. */
    private Map<Path, String> moving = Map.of();

    @Inject
    FileManagedConnections(PolicyConfig config, SqlPolicyHistory history, Clock clock) {
        this(
                config.file(),
                config.allowHttpOnLoopback(),
                FileManagedConnections::environment,
                history::remember,
                clock);
    }

    FileManagedConnections(
            Optional<Path> file,
            boolean httpOnLoopback,
            UnaryOperator<String> environment,
            Consumer<InForce> swapped,
            Clock clock) {
        this.file = file;
        this.reader = PolicyReader.serving(environment, httpOnLoopback);
        this.httpOnLoopback = httpOnLoopback;
        this.swapped = swapped;
        this.clock = clock;
    }

    private static String environment(String name) {
        String value = System.getenv(name);
        return value == null ? "" : value;
    }

    @PostConstruct
    void start() {
        if (httpOnLoopback) {
            LOG.warn(
                    "http on loopback is accepted in the policy: for development only xaa.policy.allow-http-on-loopback=true");
        }
        if (file.isPresent()) {
            load(file.get());
        } else {
            refused(List.of(NOT_CONFIGURED));
        }
    }

    @Override
    public Policy current() {
        Standing now = standing;
        if (now.policy() == null) {
            String why = now.findings().isEmpty()
                    ? "not read yet"
                    : now.findings().getFirst().toString();
            throw new Failure.Unavailable("policy", RETRY, "no managed-connections file is loaded: " + why).refusal();
        }
        return now.policy();
    }

    Standing standing() {
        return standing;
    }

    /**
     * Looks whether anything that the last load read is different now, and loads what has kept still for two looks: a file
     * that is being written may be well-formed half-way, without the deny rules at its end.
     */
    void look() {
        if (file.isEmpty()) {
            return;
        }
        Map<Path, String> now = last.now();
        if (now.equals(last.then())) {
            moving = Map.of();
        } else if (now.equals(moving)) {
            load(file.get());
        } else {
            moving = now;
        }
    }

    private void load(Path path) {
        long began = System.nanoTime();
        Footprint footprint = new Footprint();
        try {
            Policy policy = reader.read(path, footprint);
            if (isStill(footprint)) {
                inForce(new InForce(policy, clock.instant(), path), Duration.ofNanos(System.nanoTime() - began));
            }
        } catch (PolicyInvalid invalid) {
            if (isStill(footprint)) {
                refused(invalid.findings());
            }
        } catch (RuntimeException fault) {
            LOG.debug("the policy loader failed", fault);
            last = footprint;
            refused(List.of(new Finding(
                    path.toString(),
                    1,
                    1,
                    "the loader failed with " + fault.getClass().getSimpleName()
                            + ", which is a fault of the broker: go back to the file that worked, and report this")));
        }
    }

    /** What changed between the first byte read and now was read in two states, and does not count; the next look sees it. */
    private boolean isStill(Footprint footprint) {
        boolean still = footprint.now().equals(footprint.then());
        last = footprint;
        moving = Map.of();
        return still;
    }

    private void inForce(InForce good, Duration took) {
        Policy policy = good.policy();
        standing = standing.with(policy, good.at(), took);
        swapped.accept(good);
        LOG.infof(
                "policy loaded file=%s tenant=%s revision=%s connections=%d took_ms=%d",
                good.file(), policy.tenant(), policy.revision(), policy.connectionCount(), took.toMillis());
    }

    private void refused(List<Finding> findings) {
        Standing before = standing;
        standing = before.without(findings);
        if (findings.equals(before.findings())) {
            return;
        }
        Policy kept = before.policy();
        String state = kept == null ? "every connect is refused" : "revision " + kept.revision() + " stays in force";
        findings.forEach(finding -> LOG.errorf("policy not loaded, %s: %s", state, finding));
    }
}
