package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.xaabroker.broker.Settings;
import dev.xaabroker.ledger.LedgerVerification;
import dev.xaabroker.ledger.LedgerVerification.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code xaa ledger verify}: that nothing was changed, added or cut. */
@Command(
        name = "verify",
        description = {
            "Replay every chain and every signed checkpoint of the ledger, and find the first thing that does not hold.",
            "Without --broker the database and the key file of the broker configured here are read. Give it a"
                    + " checkpoint from a log that is kept elsewhere, or a cut that took the checkpoints, too, goes"
                    + " unnoticed."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the ledger is whole", "1:it is not", "2:it cannot be read"})
final class LedgerVerifyCommand extends PrintingCommand {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String HASH = "[0-9a-f]{64}";
    private static final Pattern LOGGED =
            Pattern.compile("Ledger checkpoint writer=\\S+ seq=[0-9]+ hash=(" + HASH + ")");

    @Mixin
    BrokerOption broker;

    @Option(
            names = "--checkpoint",
            split = ",",
            paramLabel = "HASH",
            description = "The hash of a checkpoint that a log holds; the ledger must know it.")
    Set<String> checkpoints = new LinkedHashSet<>();

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = "A broker's log: all checkpoints in it must be in the ledger.")
    @Nullable
    Path log;

    @Override
    public Integer call() {
        Set<String> logged = new LinkedHashSet<>(checkpoints);
        if (logged.stream().anyMatch(hash -> !hash.matches(HASH))) {
            throw wrongUsage("--checkpoint is the hash of a checkpoint, 64 lower-case hex digits");
        }
        if (log != null) {
            logged.addAll(logged(log));
        }
        Verdict verdict = broker.isGiven() ? atBroker(logged) : inDatabase(logged);
        return switch (verdict) {
            case Verdict.Whole whole -> tell(whole, logged.size());
            case Verdict.Broken broken -> tell(broken);
        };
    }

    private static Set<String> logged(Path log) {
        Set<String> hashes = new LinkedHashSet<>();
        try (Stream<String> lines = Files.lines(log)) {
            lines.map(LOGGED::matcher)
                    .filter(Matcher::find)
                    .map(line -> line.group(1))
                    .forEach(hashes::add);
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new Stopped(log + ": cannot be read; check that it exists and that it is text");
        }
        if (hashes.isEmpty()) {
            throw new Stopped(log + ": holds no line with a ledger checkpoint; is it a broker's log, at level INFO?");
        }
        return hashes;
    }

    private Verdict atBroker(Set<String> logged) {
        String query = logged.stream().map(hash -> "checkpoint=" + hash).collect(Collectors.joining("&"));
        JsonNode answer = broker.admin()
                .get("/admin/ledger/verification" + (query.isEmpty() ? "" : "?" + query), PATIENCE)
                .json();
        return answer.path("whole").asBoolean()
                ? new Verdict.Whole(
                        answer.path("links").asLong(),
                        answer.path("entries").asLong(),
                        answer.path("checkpoints").asLong(),
                        answer.path("unsigned").asLong())
                : new Verdict.Broken(AdminFace.printable(answer.path("where").asText()));
    }

    private static Verdict inDatabase(Set<String> logged) {
        Settings settings = Settings.here();
        try {
            return LedgerVerification.alone(settings.database(), settings.keyRing())
                    .verify(logged);
        } catch (SQLException failure) {
            throw LedgerSource.unreadable(settings, failure);
        } catch (IllegalArgumentException | IllegalStateException noKeys) {
            throw new Stopped(String.valueOf(noKeys.getMessage()));
        }
    }

    private int tell(Verdict.Whole whole, int logged) {
        if (json) {
            print(object().put("whole", true)
                    .put("entries", whole.entries())
                    .put("links", whole.links())
                    .put("checkpoints", whole.checkpoints())
                    .put("unsigned", whole.unsigned())
                    .put("logged", logged));
            return Xaa.FINE;
        }
        out().println("the ledger is whole; entries: " + number(whole.entries()) + ", links: " + number(whole.links())
                + ", signed checkpoints: " + number(whole.checkpoints()));
        out().println(
                        logged == 0
                                ? "compared with no log: give --log or --checkpoint to notice that checkpoints were cut, too"
                                : "every checkpoint of the log is in it: " + number(logged));
        if (whole.unsigned() > 0) {
            out().println("younger than the last checkpoint, which does not cover them yet: "
                    + number(whole.unsigned()));
        }
        return Xaa.FINE;
    }

    private int tell(Verdict.Broken broken) {
        if (json) {
            print(object().put("whole", false).put("where", broken.where()));
        } else {
            out().println("THE LEDGER IS NOT WHOLE: " + AdminFace.printable(broken.where()));
            out().println("keep a copy of the database as it is, and compare with a backup and with what was exported");
        }
        return Xaa.FINDINGS;
    }

    private static String number(long count) {
        return VaultStatusCommand.number(count);
    }
}
