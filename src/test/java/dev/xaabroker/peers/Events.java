package dev.xaabroker.peers;

import dev.xaabroker.keys.Fingerprint;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.ledger.LedgerQueries;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the ledger says since this was made. */
record Events(LedgerQueries ledger, Instant since) {

    Events(LedgerQueries ledger) {
        this(ledger, Instant.now());
    }

    /** Which kinds of signals came. */
    List<String> signals() {
        return entries("signal").map(Entry::reason).distinct().toList();
    }

    /** Why an access token was revoked at its authorization server, once for each time; waits for the first. */
    List<String> revokedFor(String accessToken) throws InterruptedException {
        String fingerprint = Fingerprint.sha256(accessToken);
        return awaitRevoked(entry -> fingerprint.equals(entry.tokenFingerprint()));
    }

    /** Why refresh tokens were revoked at the identity provider; waits for the first. */
    List<String> revokedRefreshTokens() throws InterruptedException {
        return awaitRevoked(entry -> String.valueOf(entry.detail()).startsWith("refresh_token"));
    }

    private List<String> awaitRevoked(Predicate<Entry> meant) throws InterruptedException {
        Instant deadline = Instant.now().plusSeconds(5);
        while (true) {
            List<String> causes =
                    entries("revoked").filter(meant).map(Entry::reason).toList();
            if (!causes.isEmpty() || Instant.now().isAfter(deadline)) {
                return causes;
            }
            Thread.sleep(20);
        }
    }

    private Stream<Entry> entries(String decision) {
        return ledger
                .entries("enterprise", since, Instant.now().plusSeconds(1), Optional.empty(), 10_000)
                .entries()
                .stream()
                .filter(entry -> entry.decision().equals(decision));
    }
}
