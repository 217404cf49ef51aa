package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code xaa session list}: who has a session. */
@Command(name = "list", description = "List sessions, newest first: those that live, or all of them.")
final class SessionListCommand extends PrintingCommand {

    @Mixin
    BrokerOption broker;

    @Option(names = "--user", paramLabel = "PSEUDONYM", description = "Only of this user, as the ledger calls them.")
    @Nullable
    String user;

    @Option(names = "--subject", paramLabel = "SUB", description = "Only of the user of this sub; needs --idp.")
    @Nullable
    String subject;

    @Option(names = "--idp", paramLabel = "NAME", description = "The identity provider that knows --subject.")
    @Nullable
    String idp;

    @Option(names = "--client", paramLabel = "CLIENT", description = "Only of this client.")
    @Nullable
    String client;

    @Option(names = "--all", description = "List those that are over too.")
    boolean all;

    @Option(names = "--limit", paramLabel = "N", description = "So many at most; ${DEFAULT-VALUE} by default.")
    int limit = 100;

    @Override
    public Integer call() {
        if ((subject == null) != (idp == null) || (subject != null && user != null)) {
            throw wrongUsage("give --subject and --idp together, or --user alone");
        }
        StringBuilder path = new StringBuilder("/admin/sessions?limit=" + limit + "&all=" + all);
        parameter("user", user).ifPresent(path::append);
        parameter("subject", subject).ifPresent(path::append);
        parameter("idp", idp).ifPresent(path::append);
        parameter("client", client).ifPresent(path::append);
        JsonNode answer = broker.admin().get(path.toString()).json();
        if (json) {
            print(answer);
            return Xaa.FINE;
        }
        List<List<String>> rows = new ArrayList<>(
                List.of(List.of("SESSION", "CLIENT", "STATUS", "BEGAN", "LAST PROOF", "EXPIRES", "USER")));
        for (JsonNode one : answer.path("sessions")) {
            rows.add(List.of(
                    text(one, "id"),
                    text(one, "client"),
                    status(one),
                    text(one, "began"),
                    text(one, "provenAt"),
                    text(one, "expires"),
                    text(one, "user")));
        }
        Tables.aligned(rows).forEach(out()::println);
        return Xaa.FINE;
    }

    private static String status(JsonNode session) {
        String cause = text(session, "endCause");
        return text(session, "status") + (cause.isEmpty() ? "" : " (" + cause + ")");
    }

    private static Optional<String> parameter(String name, @Nullable String value) {
        return Optional.ofNullable(value).map(given -> "&" + name + "=" + AdminFace.encoded(given));
    }

    private static String text(JsonNode node, String member) {
        return AdminFace.printable(node.path(member).asText(""));
    }
}
