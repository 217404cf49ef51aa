package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.broker.Suggestion;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Network;
import dev.xaabroker.grant.Refusal;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code xaa policy suggest}: the entry of a server that is not in the file yet. */
@Command(
        name = "suggest",
        description = {
            "Discover an MCP server and its authorization server, and print the entry to paste under `servers:`.",
            "Only public documents are read. https only, no private addresses unless --network private."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the entry can be used once its gaps are filled",
            "1:something stands against it, see the comments",
            "2:the server cannot be discovered"
        })
final class SuggestCommand extends PrintingCommand {

    @Parameters(paramLabel = "SERVER_URL", description = "The MCP server's URL, as clients would be given it.")
    String url;

    @Option(names = "--name", description = "The entry's name; from the host by default.")
    @Nullable
    String name;

    @Option(
            names = "--resource",
            paramLabel = "ID",
            description = "The resource identifier, where the server's document names another of the same origin.")
    @Nullable
    String resource;

    @Option(
            names = "--authorization-server",
            paramLabel = "ISSUER",
            description = "Which of several authorization servers to pin.")
    @Nullable
    String issuer;

    @Option(names = "--network", paramLabel = "public|private", description = "private for a server inside.")
    String network = "public";

    @Option(names = "--allow-http-on-loopback", description = "For development: open loopback, and plain http on it.")
    boolean development;

    @Override
    public Integer call() {
        if (!network.equals("public") && !network.equals("private")) {
            throw wrongUsage("--network is public or private");
        }
        Suggestion suggestion;
        try {
            suggestion = Suggestion.of(new Suggestion.Wish(
                    url,
                    Optional.ofNullable(resource),
                    Optional.ofNullable(issuer),
                    Network.valueOf(network.toUpperCase(Locale.ROOT)),
                    development));
        } catch (Refusal refusal) {
            throw new Stopped(AdminFace.printable(refusal.failure().detail()
                    + (refusal.failure() instanceof Failure.Unavailable ? "; is it running?" : "")));
        }
        ServerEntry entry = new ServerEntry(suggestion, name == null ? suggestion.name() : name);
        if (json) {
            print(inJson(suggestion, entry));
        } else {
            entry.lines().forEach(out()::println);
        }
        return suggestion.obstacles().isEmpty() ? Xaa.FINE : Xaa.FINDINGS;
    }

    private static ObjectNode inJson(Suggestion suggestion, ServerEntry entry) {
        ObjectNode answer = object().put("name", entry.name())
                .put("resource", suggestion.server().resource());
        answer.set("authorizationServers", array(suggestion.server().authorizationServers()));
        answer.set("scopes", array(suggestion.scopes()));
        suggestion.guard().ifPresent(as -> answer.put("audience", as.issuer())
                .put("redeemsIdJags", as.redeems().name().toLowerCase(Locale.ROOT))
                .put("tokenEndpoint", as.tokenEndpoint())
                .put("clientIdMetadata", as.clientIdMetadata())
                .put("revokes", as.revokes())
                .set("authMethods", array(as.authMethods())));
        answer.set("obstacles", array(suggestion.obstacles()));
        answer.put("entry", String.join("\n", entry.lines()) + "\n");
        return answer;
    }
}
