package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.xaabroker.broker.Settings;
import dev.xaabroker.ledger.Ocsf;
import dev.xaabroker.policy.PolicyInvalid;
import dev.xaabroker.policy.PolicyReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code xaa ledger export}: the entries of a time, a line each. */
@Command(
        name = "export",
        description = {
            "Write the entries of a time, oldest first, one JSON object to a line: as the ledger has them (jsonl), or as"
                    + " events of the Open Cybersecurity Schema Framework (ocsf).",
            "Without --broker the database of the broker configured here is read. Users are pseudonyms, and no token is"
                    + " in it."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all of it was written", "2:it cannot be read or written"})
final class LedgerExportCommand extends PrintingCommand {

    private enum Format {
        JSONL,
        OCSF
    }

    @Mixin
    BrokerOption broker;

    @Option(names = "--since", paramLabel = "TIME", description = "From then on; from the beginning by default.")
    Instant since = Instant.EPOCH;

    @Option(names = "--until", paramLabel = "TIME", description = "Before then; now by default.")
    @Nullable
    Instant until;

    @Option(
            names = "--format",
            paramLabel = "jsonl|ocsf",
            description = "${DEFAULT-VALUE} by default.",
            defaultValue = "jsonl")
    String format = "jsonl";

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Write into this file, which is there when it is whole; to the terminal by default.")
    @Nullable
    Path output;

    @Option(
            names = "--tenant",
            paramLabel = "NAME",
            description = "From the database: whose entries; by default the tenant of xaa.policy.file.")
    @Nullable
    String tenant;

    private long written;

    @Override
    public Integer call() {
        Function<JsonNode, JsonNode> shape =
                switch (format()) {
                    case JSONL -> entry -> entry;
                    case OCSF -> Ocsf::of;
                };
        Instant end = until == null ? Instant.now() : until;
        if (end.isBefore(since)) {
            throw wrongUsage("--until lies before --since");
        }
        LedgerSource source = broker.isGiven() ? LedgerSource.of(broker.admin()) : fromDatabase();
        if (output == null) {
            write(source, end, shape, out());
            err().println(VaultStatusCommand.number(written) + (written == 1 ? " entry" : " entries"));
        } else {
            writeFile(output, source, end, shape);
        }
        return Xaa.FINE;
    }

    private Format format() {
        return switch (format) {
            case "jsonl" -> Format.JSONL;
            case "ocsf" -> Format.OCSF;
            default -> throw wrongUsage("--format is jsonl or ocsf");
        };
    }

    private LedgerSource fromDatabase() {
        Settings settings = Settings.here();
        return LedgerSource.of(settings, tenant == null ? tenantOf(settings) : tenant);
    }

    private static String tenantOf(Settings settings) {
        Path file = settings.policyFile()
                .orElseThrow(
                        () -> new Stopped("whose ledger? Give --tenant NAME, or set xaa.policy.file as for the broker,"
                                + " or ask a running one with --broker URL"));
        try {
            return PolicyReader.reviewing(true).read(file).tenant();
        } catch (PolicyInvalid invalid) {
            throw new Stopped(file + " cannot be read, so give --tenant NAME; xaa policy lint tells why");
        }
    }

    private void write(LedgerSource source, Instant end, Function<JsonNode, JsonNode> shape, PrintWriter to) {
        source.read(since, end, entry -> {
            to.println(shape.apply(entry).toString());
            if (to.checkError()) {
                throw new Stopped("nobody takes what is written: is the disk full, or the reader gone?");
            }
            written++;
        });
        to.flush();
    }

    /** Half an export must not be taken for a whole one: it gets its name when it is done. */
    private void writeFile(Path file, LedgerSource source, Instant end, Function<JsonNode, JsonNode> shape) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (PrintWriter to = new PrintWriter(Files.newBufferedWriter(part, StandardCharsets.UTF_8))) {
                write(source, end, shape, to);
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new Stopped(file + ": cannot be written (" + e.getClass().getSimpleName() + ")");
        }
        if (json) {
            print(object().put("entries", written).put("file", file.toString()));
        } else {
            out().println(VaultStatusCommand.number(written) + (written == 1 ? " entry" : " entries") + " written to "
                    + file);
        }
    }
}
