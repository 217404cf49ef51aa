package dev.xaabroker.broker;

import dev.xaabroker.exchange.PeerCheckup;
import dev.xaabroker.exchange.PeerCheckup.UnusableTrust;
import dev.xaabroker.grant.Check;
import dev.xaabroker.policy.Examination;
import dev.xaabroker.policy.Finding;
import dev.xaabroker.policy.Policy;
import dev.xaabroker.policy.PolicyInvalid;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Looks at everything that connects need, and says of each thing whether it is well and what to do when it is not: the file
 * and its secrets, the broker's own surroundings, each IdP, each server. It runs outside the application, changes nothing,
 * and uses no token of any user.
 */
public final class Doctor {

    private final Wish wish;
    private final Settings settings;

    private Doctor(Wish wish) {
        this.wish = wish;
        this.settings = Settings.here();
    }

    /**
     * What to look at.
     *
     * @param file the managed connections to look at by themselves; absent for those that the broker here is configured with,
     *     together with its surroundings
     * @param development opens loopback addresses, and plain http on them, for a file by itself
     * @param within how long it may all take
     */
    public record Wish(Optional<Path> file, boolean development, Patients patients, boolean offline, Duration within) {}

    /** What is the matter with one thing, or nothing. */
    public record Examined(String name, List<Check> checks) {

        public Examined {
            checks = List.copyOf(checks);
        }
    }

    /**
     * Looks.
     *
     * @throws IllegalArgumentException when there is nothing by such a name, or no file; the text says what to do
     */
    public static List<Examined> examine(Wish wish) {
        return new Doctor(wish).examine();
    }

    private List<Examined> examine() {
        Path file = wish.file()
                .or(settings::policyFile)
                .orElseThrow(() -> new IllegalArgumentException(
                        "name the managed-connections file, or set xaa.policy.file as for the broker"));
        Map<String, Callable<List<Check>>> work = new LinkedHashMap<>();
        Optional<Policy> policy = Optional.empty();
        List<Check> ofFile;
        try {
            Examination read = Examination.of(
                    file, name -> Optional.ofNullable(System.getenv(name)).orElse(""), httpOnLoopback());
            policy = Optional.of(read.policy());
            ofFile = ofFile(read);
        } catch (PolicyInvalid invalid) {
            ofFile = invalid.findings().stream().map(Doctor::invalid).toList();
        }
        List<Check> first = ofFile;
        work.put("file " + file, () -> first);
        if (wish.file().isEmpty() && wish.patients().isEverybody()) {
            new Surroundings(settings, wish.offline()).work().forEach(work::put);
        }
        if (policy.isEmpty() || wish.offline()) {
            return allOf(work);
        }
        PeerCheckup.Manner manner = new PeerCheckup.Manner(
                development(),
                wish.file().isPresent() ? Optional.empty() : settings.trustCertificates(),
                settings.clockSkew(),
                Examination::isReal);
        try (PeerCheckup peers = PeerCheckup.alone(manner)) {
            wish.patients().under(policy.get()).forEach(patient -> work.put(patient.name(), () -> patient.look(peers)));
            return allOf(work);
        } catch (UnusableTrust unusable) {
            work.put(
                    "certificates",
                    () -> List.of(Check.fault(
                            "trust",
                            String.valueOf(unusable.getMessage()),
                            "correct xaa.outbound.trust-certificates: a PEM file of certificates")));
            return allOf(work);
        }
    }

    private boolean httpOnLoopback() {
        return wish.file().isPresent() ? wish.development() : settings.httpOnLoopback();
    }

    private boolean development() {
        return wish.file().isPresent() ? wish.development() : settings.development();
    }

    private static List<Check> ofFile(Examination read) {
        List<Check> checks = new ArrayList<>();
        Policy policy = read.policy();
        checks.add(Check.ok(
                "policy",
                "revision " + policy.revision().substring(0, 12) + ", " + policy.connectionCount() + " connections, "
                        + policy.tests().size() + " tests passed"));
        read.missing().forEach(finding -> checks.add(missing(finding)));
        if (read.missing().isEmpty()) {
            checks.add(Check.ok("secrets", "every reference leads to a secret or a key"));
        }
        return checks;
    }

    private static Check invalid(Finding finding) {
        return Check.fault("policy", finding.toString(), "mend the file; xaa policy lint shows the same");
    }

    /** A finding about a reference says after the colon what to do. */
    private static Check missing(Finding finding) {
        String[] parts = finding.message().split(": ", 2);
        String place = finding.file() + ":" + finding.line() + ":" + finding.column() + ": ";
        return Check.fault(
                "secrets",
                place + parts[0],
                parts.length > 1 ? parts[1] : "correct the reference, or what it leads to");
    }

    private List<Examined> allOf(Map<String, Callable<List<Check>>> work) {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<List<Check>>> done =
                    threads.invokeAll(work.values(), wish.within().toMillis(), TimeUnit.MILLISECONDS);
            List<Examined> all = new ArrayList<>();
            int next = 0;
            for (String name : work.keySet()) {
                all.add(new Examined(name, result(done.get(next++))));
            }
            return all;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Check> result(Future<List<Check>> done) throws InterruptedException {
        try {
            return done.get();
        } catch (CancellationException late) {
            return List.of(Check.fault(
                    "time",
                    "not everything was answered within " + wish.within().toSeconds() + " s",
                    "give it longer (--within), or look at it alone (--idp, --server)"));
        } catch (ExecutionException failed) {
            throw new IllegalStateException("the doctor itself failed", failed.getCause());
        }
    }
}
