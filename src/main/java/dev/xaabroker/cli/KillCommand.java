package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code xaa kill}: security's own switch. */
@Command(
        name = "kill",
        description =
                "Shut a user, client, server or connection on every replica, whatever the policy file says, until it is"
                        + " reopened; when this returns, nobody gets a token through it any more.")
final class KillCommand extends PrintingCommand {

    @Mixin
    BrokerOption broker;

    @Mixin
    Target target;

    @Option(
            names = "--session",
            paramLabel = "SESSION",
            description = "One session, which ends for good; its user may log in anew.")
    @Nullable
    String session;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the ledger.")
    String reason;

    @Option(names = "--for", paramLabel = "TIME", description = "Open by itself after this: 90s, 10m, 8h or 2d.")
    @Nullable
    String time;

    @Override
    public Integer call() {
        JsonNode kill = session == null ? shut() : end(session);
        if (json) {
            print(kill);
        } else {
            SessionText.lines(kill).forEach(out()::println);
        }
        return Xaa.FINE;
    }

    private JsonNode shut() {
        ObjectNode body = target.json().put("reason", reason);
        if (time != null) {
            body.put("for", time);
        }
        return broker.admin().post("/admin/kills", body);
    }

    private JsonNode end(String id) {
        if (time != null || target.isNamed()) {
            throw new Stopped("--session stands alone: a session ends for good");
        }
        return broker.admin().post("/admin/sessions/" + AdminFace.encoded(id) + "/end", object().put("reason", reason));
    }
}
