package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.policy.Matrix;
import dev.xaabroker.policy.Matrix.Row;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code xaa policy matrix}: who may reach what, for auditors. */
@Command(
        name = "matrix",
        description = {
            "List what each group may do with each client on each server.",
            "A row tells of a member of that one group, with the best login; NEEDS says what else must hold."
        })
final class MatrixCommand extends PrintingCommand {

    private static final List<String> COLUMNS =
            List.of("SERVER", "CLIENT", "GROUP", "ACCESS", "SCOPES", "TTL", "CONNECTIONS", "NEEDS");

    @Parameters(paramLabel = "FILE", description = "A managed-connections file, or a folder of them.")
    Path file;

    @Mixin
    PolicyFiles files;

    @Option(names = "--csv", description = "Answer in CSV, for a spreadsheet.")
    boolean csv;

    @Option(names = "--all", description = "List pairs of client and server that no connection is about, too.")
    boolean all;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "Judge expiry as of this time, as 2027-03-31T12:00:00Z; now by default.")
    Instant at = Instant.now();

    @Override
    public Integer call() {
        Matrix matrix = Matrix.of(files.read(file), at, all);
        if (json) {
            print(inJson(matrix));
            return Xaa.FINE;
        }
        List<List<String>> lines = new ArrayList<>(List.of(COLUMNS));
        matrix.rows().forEach(row -> lines.add(cells(row)));
        if (csv) {
            lines.forEach(line -> out().println(Tables.csv(line)));
        } else {
            Tables.aligned(lines).forEach(out()::println);
            out().println();
            out().println(matrix.rows().size() + " rows, revision " + matrix.revision());
        }
        return Xaa.FINE;
    }

    private static List<String> cells(Row row) {
        return List.of(
                row.server(),
                row.client(),
                row.group(),
                row.allowed() ? "yes" : row.reason(),
                row.scopes().toString(),
                row.ttl(),
                String.join(" ", row.connections()),
                String.join(", ", row.needs()));
    }

    private static ObjectNode inJson(Matrix matrix) {
        ObjectNode answer = object().put("revision", matrix.revision());
        ArrayNode rows = answer.putArray("rows");
        for (Row row : matrix.rows()) {
            ObjectNode one = rows.addObject()
                    .put("server", row.server())
                    .put("client", row.client())
                    .put("group", row.group())
                    .put("allowed", row.allowed())
                    .put("reason", row.reason())
                    .put("ttl", row.ttl());
            one.set("scopes", array(row.scopes().values()));
            one.set("connections", array(row.connections()));
            one.set("needs", array(row.needs()));
        }
        return answer;
    }
}
