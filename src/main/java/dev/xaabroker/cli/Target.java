package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is to be shut or opened: one of these. */
final class Target {

    @Option(names = "--user", paramLabel = "PSEUDONYM", description = "A user, as the ledger calls them.")
    @Nullable
    String user;

    @Option(names = "--subject", paramLabel = "IDP/SUB", description = "A user, by identity provider and sub.")
    @Nullable
    String subject;

    @Option(names = "--client", paramLabel = "CLIENT", description = "A client.")
    @Nullable
    String client;

    @Option(names = "--server", paramLabel = "SERVER", description = "An MCP server, by its name in the file.")
    @Nullable
    String server;

    @Option(names = "--connection", paramLabel = "ID", description = "A connection of the file.")
    @Nullable
    String connection;

    boolean isNamed() {
        return named() > 0;
    }

    private long named() {
        return Stream.of(user, subject, client, server, connection)
                .filter(Objects::nonNull)
                .count();
    }

    /** @throws Stopped unless one of them is named */
    ObjectNode json() {
        if (named() != 1) {
            throw new Stopped("name one thing: --user, --subject, --client, --server or --connection");
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (client != null) {
            return json.put("kind", "client").put("name", client);
        }
        if (server != null) {
            return json.put("kind", "server").put("name", server);
        }
        if (connection != null) {
            return json.put("kind", "connection").put("name", connection);
        }
        if (subject == null) {
            return json.put("kind", "user").put("name", user);
        }
        int slash = subject.indexOf('/');
        if (slash < 1) {
            throw new Stopped("--subject is written IDP/SUB, as corp/00u1f3a");
        }
        return json.put("kind", "user")
                .put("idp", subject.substring(0, slash))
                .put("subject", subject.substring(slash + 1));
    }
}
