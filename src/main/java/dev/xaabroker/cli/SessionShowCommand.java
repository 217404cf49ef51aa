package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code xaa session show}: one session. */
@Command(name = "show", description = "Show one session.")
final class SessionShowCommand extends PrintingCommand {

    @Mixin
    BrokerOption broker;

    @Parameters(paramLabel = "SESSION", description = "Its id, as list and the ledger show it.")
    String id;

    @Override
    public Integer call() {
        JsonNode session =
                broker.admin().get("/admin/sessions/" + AdminFace.encoded(id)).json();
        if (json) {
            print(session);
        } else {
            SessionText.lines(session).forEach(out()::println);
        }
        return Xaa.FINE;
    }
}
