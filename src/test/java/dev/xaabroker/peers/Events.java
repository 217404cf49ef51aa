package dev.xaabroker.peers;

import dev.xaabroker.keys.Fingerprint;
import dev.xaabroker.ledger.Entry;
import dev.xaabroker.ledger.LedgerQueries;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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

    /** Why a token was revoked at its authorization server, once for each time; waits for the first. */
    List<String> revokedFor(String accessToken) throws InterruptedException {
        Instant deadline = Instant.now().plusSeconds(5);
        List<String> causes = causes(accessToken);
        while (causes.isEmpty() && Instant.now().isBefore(deadline)) {
            Thread.sleep(20);
            causes = causes(accessToken);
        }
        return causes;
    }

    private List<String> causes(String accessToken) {
        String fingerprint = Fingerprint.sha256(accessToken);
        return entries("revoked")
                .filter(entry -> fingerprint.equals(entry.tokenFingerprint()))
                .map(Entry::reason)
                .toList();
    }

    private Stream<Entry> entries(String decision) {
        return ledger
                .entries("enterprise", since, Instant.now().plusSeconds(1), Optional.empty(), 10_000)
                .entries()
                .stream()
                .filter(entry -> entry.decision().equals(decision));
    }
}
