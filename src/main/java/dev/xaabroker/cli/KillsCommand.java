package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code xaa kills}: what is shut. */
@Command(name = "kills", description = "List what is shut, the oldest first.")
final class KillsCommand extends PrintingCommand {

    @Mixin
    BrokerOption broker;

    @Override
    public Integer call() {
        JsonNode answer = broker.admin().get("/admin/kills").json();
        if (json) {
            print(answer);
            return Xaa.FINE;
        }
        List<List<String>> rows = new ArrayList<>(List.of(List.of("KIND", "NAME", "SINCE", "UNTIL", "BY", "REASON")));
        for (JsonNode kill : answer.path("kills")) {
            rows.add(List.of(
                    text(kill, "kind"),
                    text(kill, "name"),
                    text(kill, "at"),
                    text(kill, "until"),
                    text(kill, "by"),
                    text(kill, "reason")));
        }
        Tables.aligned(rows).forEach(out()::println);
        return Xaa.FINE;
    }

    private static String text(JsonNode node, String member) {
        return AdminFace.printable(node.path(member).asText(""));
    }
}
