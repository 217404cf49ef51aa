package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code xaa policy history}: which files a running broker has loaded. */
@Command(
        name = "history",
        description = "List the revisions that a running broker has loaded, or print the content of one.")
final class HistoryCommand extends PrintingCommand {

    @Parameters(arity = "0..1", paramLabel = "REVISION", description = "Print the content of this revision.")
    @Nullable
    String revision;

    @Mixin
    BrokerOption broker;

    @Option(names = "--limit", paramLabel = "N", description = "So many at most; ${DEFAULT-VALUE} by default.")
    int limit = 20;

    @Override
    public Integer call() {
        if (!broker.isGiven()) {
            throw wrongUsage("name the running broker with --broker URL");
        }
        if (revision != null) {
            return content(revision);
        }
        JsonNode answer =
                broker.admin().get("/admin/policy/history?limit=" + limit).json();
        if (json) {
            print(answer);
            return Xaa.FINE;
        }
        List<List<String>> rows = new ArrayList<>(List.of(List.of("LOADED AT", "REVISION", "BY", "FILE")));
        for (JsonNode one : answer.path("revisions")) {
            rows.add(List.of(text(one, "loadedAt"), text(one, "revision"), text(one, "loadedBy"), text(one, "file")));
        }
        Tables.aligned(rows).forEach(out()::println);
        return Xaa.FINE;
    }

    private static String text(JsonNode node, String member) {
        return AdminFace.printable(node.path(member).asText(""));
    }

    private int content(String wanted) {
        if (!wanted.matches("[0-9a-f]{8,64}")) {
            throw wrongUsage("a revision is written in lower-case hex digits");
        }
        Http.Reply reply = broker.admin().get("/admin/policy/history/" + wanted);
        if (json) {
            print(object().put("revision", wanted).put("content", reply.body()));
        } else {
            out().println(reply.body());
        }
        return Xaa.FINE;
    }
}
