package dev.xaabroker.cli;

import dev.xaabroker.broker.Suggestion;
import dev.xaabroker.grant.Network;
import dev.xaabroker.grant.PublishedGuard;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A suggestion as text to paste under {@code servers:}. What a server said is quoted, so that it stays text. */
record ServerEntry(Suggestion suggestion, String name) {

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("# Discovered at " + safe(suggestion.url()) + ". Check it with the server's owner, fill in what says"
                + " FILL IN,");
        lines.add("# and paste it under `servers:`. Nobody reaches the server until a connection names it.");
        suggestion.obstacles().forEach(obstacle -> lines.add("# ATTENTION: " + obstacle));
        suggestion.choices().forEach(issuer -> lines.add("#   --authorization-server " + safe(issuer)));
        lines.add("  " + name + ":");
        field(lines, "resource", quoted(suggestion.server().resource()), "");
        if (!suggestion.server().resource().equals(suggestion.url())) {
            field(lines, "aliases", "[" + quoted(suggestion.url()) + "]", "what was typed; upstream gets `resource`");
        }
        String issuer = suggestion.guard().map(PublishedGuard::issuer).orElse("");
        field(
                lines,
                "audience",
                issuer.isEmpty() ? "FILL IN" : quoted(issuer),
                "pinned: a server that names another one later is not followed");
        if (suggestion.network() == Network.PRIVATE) {
            field(lines, "network", "private", "");
        }
        field(lines, "owner", "FILL IN", "whom users ask about it");
        field(lines, "tier", "internal", "public | internal | confidential | restricted");
        field(
                lines,
                "scopes",
                scopes(),
                suggestion.scopes().isEmpty() ? "it publishes none" : "remove what nobody may have");
        suggestion.guard().ifPresent(guard -> guarded(lines, guard));
        lines.add("    auth: " + auth());
        return lines;
    }

    private void guarded(List<String> lines, PublishedGuard guard) {
        if (guard.tokenEndpointElsewhere()) {
            field(
                    lines,
                    "tokenEndpointOrigins",
                    "[" + quoted(origin(guard.tokenEndpoint())) + "]",
                    "its token endpoint is not on the issuer's origin: ask its owner whether that is right");
        }
        lines.add("    # It " + redeems(guard) + ".");
        lines.add("    # Credentials there: register the broker as a confidential client by hand"
                + (guard.clientIdMetadata() ? "; it reads client metadata documents too" : "")
                + (guard.registers() ? "; it offers dynamic registration, which the broker does not use" : "")
                + ".");
    }

    private static String redeems(PublishedGuard guard) {
        return switch (guard.redeems()) {
            case YES -> "says that it redeems ID-JAGs";
            case PERHAPS -> "lists the jwt-bearer grant and not the id-jag profile: try it with `xaa connect`";
            case NO -> "does not say that it redeems ID-JAGs";
        };
    }

    private String auth() {
        String method = suggestion.method().orElse("FILL IN");
        String proof = method.equals("private_key_jwt")
                ? "key: file:keys/" + name + ".pem"
                : "secret: env:" + name.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z0-9]", "_") + "_SECRET";
        return "{ method: " + method + ", clientId: FILL IN, " + proof + " }";
    }

    private String scopes() {
        return suggestion.scopes().stream().map(ServerEntry::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private static void field(List<String> lines, String key, String value, String comment) {
        lines.add("    " + key + ": " + value + (comment.isEmpty() ? "" : "   # " + comment));
    }

    private static String origin(String url) {
        URI uri = URI.create(url);
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    /** Plain where YAML lets it be, else in double quotes: nothing that a server says may become structure. */
    private static String quoted(String text) {
        String safe = safe(text);
        boolean plain = safe.matches("[A-Za-z][A-Za-z0-9._/:-]*[A-Za-z0-9_/-]")
                && !safe.matches("(?i)true|false|null|yes|no|on|off");
        return plain ? safe : '"' + safe.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String safe(String text) {
        return AdminFace.printable(text);
    }
}
