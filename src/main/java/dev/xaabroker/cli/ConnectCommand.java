package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.keys.Fingerprint;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code xaa connect}: a real connect, as a client would make it. */
@Command(
        name = "connect",
        description = {
            "Connect to a server through a running broker, as a client would, and tell what happened.",
            "It is a real request: it is written to the ledger, and a token is really issued."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:connected", "1:refused", "2:no broker, or a file cannot be read"})
final class ConnectCommand extends PrintingCommand {

    @Option(names = "--broker", required = true, paramLabel = "URL", description = "The broker's issuer URL.")
    URI broker;

    @Mixin
    ClientProof client;

    @Option(
            names = "--subject-token-file",
            required = true,
            paramLabel = "FILE",
            description = "The user's token: a refresh token of the identity provider, an ID token, or a handle of the"
                    + " broker.")
    Path subjectToken;

    @Option(
            names = "--subject-token-type",
            paramLabel = "TYPE",
            description = "refresh_token or id_token; by default id_token when it looks like a JWT.")
    @Nullable
    String subjectTokenType;

    @Option(names = "--resource", required = true, description = "The MCP server's resource identifier.")
    String resource;

    @Option(names = "--scope", split = "[ ,]", description = "Scopes to ask for; all that policy gives by default.")
    List<String> scopes = List.of();

    @Option(names = "--show-token", description = "Print the access token itself. Mind who sees the screen.")
    boolean showToken;

    @Override
    public Integer call() {
        Connect connect = Connect.to(Http.to(broker), Optional.empty(), client.secretOrKey(), client.id);
        Http.Reply reply =
                connect.send(Secrets.fromFile(subjectToken), Optional.ofNullable(subjectTokenType), resource, scopes);
        JsonNode said = reply.json();
        boolean connected = reply.status() == 200 && said.path("access_token").isTextual();
        if (json) {
            print(inJson(reply, said, connected));
        } else if (connected) {
            tellConnected(reply, said);
        } else {
            tellRefused(reply, said);
        }
        return connected ? Xaa.FINE : Xaa.FINDINGS;
    }

    private String token(JsonNode said) {
        String token = said.path("access_token").asText();
        return showToken ? token : fingerprint(token);
    }

    private static String fingerprint(String secret) {
        return "sha256:" + Fingerprint.sha256(secret).substring(0, 16);
    }

    private void tellConnected(Http.Reply reply, JsonNode said) {
        out().println("connected to " + resource);
        line("token", said.path("token_type").asText() + " " + token(said));
        line("lives", said.path("expires_in").asText() + " s");
        line("scopes", said.path("scope").asText());
        if (said.path("refresh_token").isTextual()) {
            String handle = said.path("refresh_token").asText();
            line("handle", showToken ? handle : fingerprint(handle));
        }
        line("request id", reply.requestId().orElse(""));
    }

    private void tellRefused(Http.Reply reply, JsonNode said) {
        String error = said.path("error").asText();
        if (error.isEmpty()) {
            throw new Stopped("the answer " + reply.status() + " is not that of a broker: check --broker");
        }
        out().println("refused: " + said.path("error_description").asText(error));
        line("error", error + " (" + reply.status() + ")");
        line("reason", said.path("reason").asText());
        line("ask", said.path("owner").asText());
        line("needs acr", said.path("acr_values").asText());
        line("needs a login within", said.has("max_age") ? said.path("max_age").asText() + " s" : "");
        line("request id", said.path("request_id").asText());
        line("what to do", Remedies.of(said.path("reason").asText()));
    }

    private void line(String what, String value) {
        if (!value.isEmpty()) {
            out().println("  " + what + ": " + AdminFace.printable(value));
        }
    }

    private ObjectNode inJson(Http.Reply reply, JsonNode said, boolean connected) {
        ObjectNode answer = object().put("connected", connected).put("status", reply.status());
        for (String member : List.of(
                "token_type", "scope", "error", "error_description", "reason", "owner", "acr_values", "request_id")) {
            if (said.has(member)) {
                answer.put(member, said.path(member).asText());
            }
        }
        for (String member : List.of("expires_in", "max_age")) {
            if (said.has(member)) {
                answer.put(member, said.path(member).asLong());
            }
        }
        reply.requestId().ifPresent(id -> answer.put("request_id", id));
        if (connected) {
            answer.put(showToken ? "access_token" : "access_token_fingerprint", token(said));
        } else {
            answer.put("remedy", Remedies.of(said.path("reason").asText()));
        }
        return answer;
    }
}
