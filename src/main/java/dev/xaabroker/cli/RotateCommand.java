package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code xaa vault rotate}: every stored record under the current key. */
@Command(
        name = "rotate",
        description = {
            "Seal every stored record anew under the current key, while requests go on.",
            "A rotation that was stopped is simply run again: it finds what is left."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all records are under the current key",
            "1:something does not open, or is still under another key",
            "2:the broker cannot be asked; run it again to go on"
        })
final class RotateCommand extends PrintingCommand {

    /** Records that requests hold are passed over; the next pass finds them. */
    private static final int PASSES = 10;

    private static final long TELL_EVERY = 1_000_000_000L;

    @Mixin
    BrokerOption broker;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "So many records in one call, 1000 at most; ${DEFAULT-VALUE} by default.")
    int batch = 500;

    private final Map<String, JsonNode> broken = new LinkedHashMap<>();
    private long rewrapped;
    private long told;

    @Override
    public Integer call() {
        if (batch < 1 || batch > 1000) {
            throw wrongUsage("--batch is a number from 1 to 1000");
        }
        AdminFace admin = broker.admin();
        JsonNode status = admin.get("/admin/vault").json();
        long total = status.path("stale").asLong();
        for (int pass = 0; pass < PASSES && status.path("stale").asLong() > broken.size(); pass++) {
            broken.clear();
            pass(admin, total);
            status = admin.get("/admin/vault").json();
        }
        report(status);
        boolean done = status.path("stale").asLong() == 0 && broken.isEmpty();
        return done ? Xaa.FINE : Xaa.FINDINGS;
    }

    private void pass(AdminFace admin, long total) {
        ObjectNode question = object().put("limit", Integer.toString(batch));
        while (true) {
            JsonNode answer = admin.post("/admin/vault/rotate", question);
            rewrapped += answer.path("rewrapped").asLong();
            for (JsonNode one : answer.path("broken")) {
                broken.put(one.path("kind").asText() + one.path("id").asText(), one);
            }
            tell(total, !answer.has("next"));
            if (!answer.has("next")) {
                return;
            }
            question.set("after", answer.path("next"));
        }
    }

    private void tell(long total, boolean last) {
        long now = System.nanoTime();
        if (last || told == 0 || now - told > TELL_EVERY) {
            told = now;
            PrintWriter progress = err();
            progress.println("rewrapped " + VaultStatusCommand.number(rewrapped) + " of "
                    + VaultStatusCommand.number(Math.max(total, rewrapped)) + " …");
            progress.flush();
        }
    }

    private void report(JsonNode status) {
        long stale = status.path("stale").asLong();
        if (json) {
            ObjectNode answer = object().put("rewrapped", rewrapped)
                    .put("stale", stale)
                    .put("current", status.path("current").asText());
            answer.putArray("broken").addAll(broken.values());
            print(answer);
            return;
        }
        out().println(VaultStatusCommand.number(rewrapped) + " records rewrapped; "
                + VaultStatusCommand.number(stale) + " are not under key "
                + AdminFace.printable(status.path("current").asText()));
        for (JsonNode one : broken.values()) {
            out().println("does not open: "
                    + AdminFace.printable(one.path("kind").asText() + " "
                            + one.path("id").asText() + ", "
                            + one.path("column").asText()
                            + (one.has("session")
                                    ? ", session " + one.path("session").asText()
                                    : "")));
        }
        for (JsonNode key : status.path("keys")) {
            if (key.path("removable").asBoolean()) {
                out().println("key " + AdminFace.printable(key.path("id").asText())
                        + " may be removed, when every broker has the current file: xaa vault remove-key");
            }
        }
    }
}
