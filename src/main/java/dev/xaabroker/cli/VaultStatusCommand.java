package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code xaa vault status}: how many records need which key. */
@Command(
        name = "status",
        description = "Tell how many stored records need which key, and which keys may go.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all records are under the current key",
            "1:some are not, or the key file is not what is in force",
            "2:the broker cannot be asked"
        })
final class VaultStatusCommand extends PrintingCommand {

    @Mixin
    BrokerOption broker;

    @Override
    public Integer call() {
        JsonNode status = broker.admin().get("/admin/vault").json();
        if (json) {
            print(status);
        } else {
            tell(status);
        }
        boolean fine =
                status.path("stale").asLong() == 0 && status.path("elsewhere").asLong() == 0 && !status.has("problem");
        return fine ? Xaa.FINE : Xaa.FINDINGS;
    }

    private void tell(JsonNode status) {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("KEY", "RECORDS", "")));
        for (JsonNode key : status.path("keys")) {
            String id = key.path("id").asText();
            rows.add(List.of(
                    AdminFace.printable(id),
                    number(key.path("records").asLong()),
                    id.equals(status.path("current").asText())
                            ? "current"
                            : key.path("removable").asBoolean() ? "may be removed" : "needed"));
        }
        Tables.aligned(rows).forEach(out()::println);
        out().println();
        long stale = status.path("stale").asLong();
        out().println(
                        stale == 0
                                ? "all " + number(status.path("records").asLong())
                                        + " records are under the current key"
                                : number(stale) + " of "
                                        + number(status.path("records").asLong())
                                        + " records are not under the current key: run xaa vault rotate");
        if (status.path("elsewhere").asLong() > 0) {
            out().println(number(status.path("elsewhere").asLong())
                    + " records need a key that this broker does not hold: put it back into the key file");
        }
        if (status.has("problem")) {
            out().println("the key file is not taken: "
                    + AdminFace.printable(status.path("problem").asText()));
        }
    }

    static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
