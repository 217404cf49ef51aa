package dev.xaabroker.cli;

import dev.xaabroker.policy.Diff;
import dev.xaabroker.policy.Replay;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code xaa policy diff}: who gains and who loses by an edit. */
@Command(
        name = "diff",
        description = {
            "Tell who gains and who loses by an edit.",
            "With two files: every client, server and group that rules name, before and after. With --replay and the"
                    + " new file: the requests in a running broker's ledger, as the new file would have answered them."
        },
        customSynopsis = {
            "xaa policy diff [--json] [--at=TIME] OLD NEW",
            "xaa policy diff [--json] --replay --broker=URL [--token-file=FILE] [--since=TIME] [--limit=N] NEW"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nobody gains or loses", "1:somebody does", "2:a file or the broker cannot be read"})
final class DiffCommand extends PrintingCommand {

    @Parameters(arity = "1..2", paramLabel = "FILE", description = "The old file and the new one, or folders of them.")
    List<Path> paths = List.of();

    @Mixin
    PolicyFiles files;

    @Mixin
    BrokerOption broker;

    @Option(names = "--replay", description = "Run the ledger's real requests against the one file.")
    boolean replay;

    @Option(names = "--since", paramLabel = "TIME", description = "Replay requests from this time on.")
    @Nullable
    Instant since;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Replay so many requests at most, the newest; ${DEFAULT-VALUE} by default.")
    int limit = 10_000;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "Judge expiry as of this time, as 2027-03-31T12:00:00Z; now by default.")
    Instant at = Instant.now();

    @Override
    public Integer call() {
        if (paths.size() != (replay ? 1 : 2)) {
            throw wrongUsage(replay ? "--replay takes the new file alone" : "give the old file and the new one");
        }
        return replay ? replayed() : compared();
    }

    private int compared() {
        Diff diff = Diff.between(files.read(paths.getFirst()), files.read(paths.getLast()), at);
        if (json) {
            print(Diffs.inJson(diff));
        } else {
            Diffs.inWords(diff).forEach(out()::println);
        }
        return diff.isEmpty() ? Xaa.FINE : Xaa.FINDINGS;
    }

    private int replayed() {
        Replay result = Replay.of(files.read(paths.getFirst()), LedgerRequests.of(broker.admin(), since, limit));
        if (json) {
            print(Replays.inJson(result));
        } else {
            Replays.inWords(result).forEach(out()::println);
        }
        return result.gained().isEmpty() && result.lost().isEmpty() ? Xaa.FINE : Xaa.FINDINGS;
    }
}
