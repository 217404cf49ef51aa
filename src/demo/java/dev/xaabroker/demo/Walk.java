package dev.xaabroker.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** What to paste next: a walk through the broker with nothing but bash, curl and sed. */
public final class Walk {

    private static final String MARK = "--8<-- next step --8<--";

    private final String broker;
    private final DemoWorld world;

    /** @param broker the broker's base URL, such as {@code http://127.0.0.1:8080} */
    public Walk(String broker, DemoWorld world) {
        this.broker = broker;
        this.world = world;
    }

    public List<Step> steps() {
        return List.of(login(), connect(), callTool(), connectAgain(), refused(), logout(), ended());
    }

    private Step login() {
        return step(
                "alice logs in at the company's identity provider, through Cursor (one curl stands for the browser)",
                """
                field() { sed -n "s/.*\\"$1\\" *: *\\"\\([^\\"]*\\)\\".*/\\1/p"; }
                SSO=$(curl -s -u %s -d username=alice -d password=alice %s/demo/login | field refresh_token)
                echo "refresh token of alice's single sign-on: ${SSO:0:12}...\"""".formatted(atIdp(), idp()),
                "sign-on: idp_rt_");
    }

    private Step connect() {
        return step(
                "Cursor hands it to the broker and is connected to the MCP server 'files': no consent screen",
                """
                ANSWER=$(%s
                  -d subject_token="$SSO")
                TOKEN=$(echo "$ANSWER" | field access_token); HANDLE=$(echo "$ANSWER" | field refresh_token)
                echo "$ANSWER\"""".formatted(exchange("")),
                "\"refresh_token\"\\s*:\\s*\"xaas_");
    }

    private Step callTool() {
        return step(
                "the token opens the MCP server, in alice's name",
                """
                curl -s %s -H "Authorization: Bearer $TOKEN" \\
                  -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \\
                  -H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/call' -H 'Mcp-Name: whoami' \\
                  -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","arguments":{},"_meta":{
                       "io.modelcontextprotocol/protocolVersion":"2026-07-28",
                       "io.modelcontextprotocol/clientCapabilities":{}}}}'; echo""".formatted(world.files().resource()),
                "You are alice@acme\\.example.*files\\.read");
    }

    private Step connectAgain() {
        return step(
                "Cursor connects again, with the broker's handle: the same token, from the cache",
                """
                AGAIN=$(%s
                  -d subject_token="$HANDLE" | field access_token)
                [ -n "$TOKEN" ] && [ "$AGAIN" = "$TOKEN" ] && echo "the same token, from the cache\"""".formatted(exchange("")),
                "the same token");
    }

    private Step refused() {
        return step(
                "bob, of sales, is refused, and told why",
                """
                BOB=$(curl -s -u %s -d username=bob -d password=bob %s/demo/login | field refresh_token)
                %s
                  -d subject_token="$BOB"; echo""".formatted(atIdp(), idp(), exchange("")),
                "(?s)(?=.*\"error\"\\s*:\\s*\"invalid_target\").*\"reason\"\\s*:\\s*\"user-not-in-group\"");
    }

    private Step logout() {
        return step(
                "security ends alice's session at the identity provider",
                "curl -s -d username=alice %s/demo/logout; echo".formatted(idp()),
                "\"ended\"\\s*:\\s*[1-9]");
    }

    private Step ended() {
        return step(
                "and the next connect that asks for a fresh token is refused; without no-cache, at the latest after `recheck`",
                """
                %s
                  -d subject_token="$HANDLE"; echo""".formatted(exchange("-H 'Cache-Control: no-cache' ")),
                "\"error\"\\s*:\\s*\"invalid_grant\"");
    }

    /** The connect request without its subject token; ends in a line continuation. */
    private String exchange(String header) {
        return """
                curl -s -u cursor:%s %s%s/oauth2/token \\
                  -d grant_type=urn:ietf:params:oauth:grant-type:token-exchange \\
                  -d subject_token_type=urn:ietf:params:oauth:token-type:refresh_token \\
                  -d resource=%s \\""".formatted(
                        PolicyFile.CURSOR_SECRET, header, broker, world.files().resource());
    }

    private static String atIdp() {
        return "cursor-at-idp:" + PolicyFile.CURSOR_IDP_SECRET;
    }

    private String idp() {
        return world.identityProvider().issuer();
    }

    private static Step step(String title, String command, String expected) {
        return new Step(title, command, Pattern.compile(expected));
    }

    /** The whole walk as it is printed: bash from the first line to the last. */
    public String text() {
        StringBuilder text = new StringBuilder()
                .append("# The demo world is up: identity provider ")
                .append(idp())
                .append(", MCP servers ")
                .append(world.files().resource())
                .append(" and ")
                .append(world.wiki().resource())
                .append(".\n# Who may reach what: ")
                .append(world.policyFile())
                .append("\n# Paste this into bash, step by step or all at once.\n");
        int number = 1;
        for (Step step : steps()) {
            text.append("\n# ")
                    .append(number++)
                    .append(". ")
                    .append(step.title())
                    .append('\n');
            text.append(step.command()).append('\n');
        }
        return text.toString();
    }

    /** Runs all steps in one bash, as somebody who pastes them would; returns what each printed, in order. */
    public List<String> run() throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder();
        steps().forEach(s ->
                script.append(s.command()).append("\necho '").append(MARK).append("'\n"));
        Process bash = new ProcessBuilder("bash", "--noprofile", "--norc", "-s")
                .redirectErrorStream(true)
                .start();
        try (var in = bash.outputWriter(StandardCharsets.UTF_8)) {
            in.write(script.toString());
        }
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        bash.waitFor();
        return Arrays.stream(output.split(Pattern.quote(MARK), -1))
                .limit(steps().size())
                .toList();
    }
}
