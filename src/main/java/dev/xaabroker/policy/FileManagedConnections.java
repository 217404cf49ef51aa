package dev.xaabroker.policy;

import dev.xaabroker.grant.Failure;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The policy of one file, read at start. While there is no good policy the broker runs and refuses, and every question
 * reads the file again, at most once a second, so that it comes up by itself when the file is mended.
 */
@Startup
@ApplicationScoped
class FileManagedConnections implements ManagedConnections {

    static final Duration RETRY = Duration.ofSeconds(1);

    private static final Logger LOG = Logger.getLogger(FileManagedConnections.class);
    private static final Finding NOT_CONFIGURED = new Finding(
            "xaa.policy.file", 1, 1, "no managed-connections file is configured: set xaa.policy.file to one");

    private final Optional<Path> file;
    private final boolean httpOnLoopback;
    private final PolicyReader reader;
    private final Clock clock;
    private final ReentrantLock loading = new ReentrantLock();

    private volatile @Nullable Policy policy;
    private volatile List<Finding> findings = List.of();
    private volatile Instant lastTry = Instant.MIN;

    @Inject
    FileManagedConnections(PolicyConfig config, Clock clock) {
        this(config.file(), config.allowHttpOnLoopback(), FileManagedConnections::environment, clock);
    }

    FileManagedConnections(
            Optional<Path> file, boolean httpOnLoopback, UnaryOperator<String> environment, Clock clock) {
        this.file = file;
        this.httpOnLoopback = httpOnLoopback;
        this.reader = PolicyReader.serving(environment, httpOnLoopback);
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
        tryToLoad();
    }

    @Override
    public Policy current() {
        Policy loaded = policy;
        if (loaded == null) {
            tryToLoad();
            loaded = policy;
        }
        if (loaded == null) {
            throw new Failure.Unavailable("policy", RETRY, "no managed-connections file is loaded: " + firstFinding())
                    .refusal();
        }
        return loaded;
    }

    /** What is wrong with the file; empty when a policy is in force. */
    List<Finding> findings() {
        return findings;
    }

    private String firstFinding() {
        List<Finding> all = findings;
        return all.isEmpty() ? "not tried yet" : all.getFirst().toString();
    }

    /** One thread reads; the others do not wait for it, for there is nothing to serve them with yet. */
    private void tryToLoad() {
        if (!loading.tryLock()) {
            return;
        }
        try {
            Instant now = clock.instant();
            boolean due = lastTry.equals(Instant.MIN) || now.isBefore(lastTry) || !now.isBefore(lastTry.plus(RETRY));
            if (policy == null && due) {
                lastTry = now;
                load();
            }
        } finally {
            loading.unlock();
        }
    }

    private void load() {
        try {
            Policy loaded = reader.read(file.orElseThrow(() -> new PolicyInvalid(List.of(NOT_CONFIGURED))));
            findings = List.of();
            policy = loaded;
            LOG.infof("policy loaded file=%s tenant=%s revision=%s", file.get(), loaded.tenant(), loaded.revision());
        } catch (PolicyInvalid invalid) {
            if (!invalid.findings().equals(findings)) {
                findings = invalid.findings();
                findings.forEach(finding -> LOG.errorf("policy not loaded, every connect is refused: %s", finding));
            }
        }
    }
}
