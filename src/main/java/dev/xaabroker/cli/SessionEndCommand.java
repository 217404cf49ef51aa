package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code xaa session end}: the end of one session. */
@Command(
        name = "end",
        description =
                "End one session on every replica; when this returns, nobody gets a token through it any more. The user"
                        + " may log in anew.")
final class SessionEndCommand extends PrintingCommand {

    @Mixin
    BrokerOption broker;

    @Parameters(paramLabel = "SESSION", description = "Its id, as list and the ledger show it.")
    String id;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the ledger.")
    String reason;

    @Override
    public Integer call() {
        JsonNode session = broker.admin()
                .post("/admin/sessions/" + AdminFace.encoded(id) + "/end", object().put("reason", reason));
        if (json) {
            print(session);
        } else {
            SessionText.lines(session).forEach(out()::println);
        }
        return Xaa.FINE;
    }
}
