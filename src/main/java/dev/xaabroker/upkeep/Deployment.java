package dev.xaabroker.upkeep;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the settings say of the place where the broker runs.
 *
 * @param issuer the broker's own, as configured
 * @param development the names of those switches for development that are on
 * @param policy where the managed connections should be
 * @param embedded whether sessions and ledger are in a file of this machine
 * @param inProcess whether issued tokens and replay marks are in this process
 * @param ownKeys whether the key ring is one that this broker makes itself
 * @param replicas how many brokers there are at most
 */
record Deployment(
        String issuer,
        Set<String> development,
        Optional<Path> policy,
        boolean embedded,
        boolean inProcess,
        boolean ownKeys,
        int replicas) {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** What is unsafe about it where real users are, and what to do about each; empty when nothing is. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        URI address = address();
        if (address == null) {
            return List.of(
                    "xaa.oauth.issuer=" + issuer + " is no issuer identifier: set it to the https URL, without query"
                            + " and fragment, at which clients reach the broker.");
        }
        boolean loopback = LOOPBACK.contains(address.getHost().toLowerCase(Locale.ROOT));
        if (!development.isEmpty()) {
            if (!loopback) {
                faults.add(String.join(", ", development.stream().sorted().toList())
                        + " opens plain http and loopback addresses, and the issuer " + issuer
                        + " is not on loopback: remove it, or use an issuer on 127.0.0.1.");
            }
            return faults;
        }
        if (!address.getScheme().equals("https")) {
            faults.add(
                    "xaa.oauth.issuer=" + issuer + " is plain http, over which tokens can be read: set the https URL at"
                            + " which clients reach the broker (TLS may end at a proxy in front of it).");
        }
        missingPolicy().ifPresent(faults::add);
        if (!embedded && ownKeys) {
            faults.add(
                    "the database is PostgreSQL and the key ring would be one that this broker makes for itself: make one"
                            + " with `xaa vault new-ring --file FILE`, and give it to every replica by xaa.keys.file or xaa.keys.json.");
        }
        if (replicas > 1 && embedded) {
            faults.add("xaa.replicas=" + replicas + " and the embedded database, which serves one: set"
                    + " quarkus.datasource.jdbc.url, .username and .password to a PostgreSQL, or xaa.replicas=1.");
        }
        if (replicas > 1 && inProcess) {
            faults.add("xaa.replicas=" + replicas
                    + " and no Redis, so that each would take a client assertion once and make"
                    + " its own exchanges: set quarkus.redis.hosts, or xaa.replicas=1.");
        }
        return faults;
    }

    private @Nullable URI address() {
        try {
            URI address = new URI(issuer);
            boolean http = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
            boolean bare = address.getRawQuery() == null && address.getRawFragment() == null;
            return http && bare && address.getHost() != null ? address : null;
        } catch (URISyntaxException malformed) {
            return null;
        }
    }

    private Optional<String> missingPolicy() {
        if (policy.isEmpty()) {
            return Optional.of(
                    "xaa.policy.file is not set: set it to the managed-connections file, or to a folder of them"
                            + " (`xaa policy lint` checks it first).");
        }
        return Files.exists(policy.get())
                ? Optional.empty()
                : Optional.of(
                        "xaa.policy.file=" + policy.get() + " is not there: mount or write it, or correct the path.");
    }
}
