package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code xaa reopen}: takes a kill back. */
@Command(name = "reopen", description = "Open what was shut with kill; the policy file decides again.")
final class ReopenCommand extends PrintingCommand {

    @Mixin
    BrokerOption broker;

    @Mixin
    Target target;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the ledger.")
    String reason;

    @Override
    public Integer call() {
        JsonNode opened =
                broker.admin().post("/admin/kills/reopen", target.json().put("reason", reason));
        if (json) {
            print(opened);
        } else {
            out().println("open again: "
                    + AdminFace.printable(opened.path("kind").asText()) + " "
                    + AdminFace.printable(opened.path("name").asText()));
        }
        return Xaa.FINE;
    }
}
