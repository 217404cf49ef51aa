package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.policy.Access;
import dev.xaabroker.policy.Diff;
import dev.xaabroker.policy.Diff.Change;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A diff in words and in JSON. In words, clients to whom the same happens share a line. */
final class Diffs {

    private Diffs() {}

    /** A line but for its clients. */
    private record Line(
            Diff.Kind kind, String server, List<String> groups, List<String> logins, String effect, String because) {}

    static List<String> inWords(Diff diff) {
        List<String> words = new ArrayList<>();
        words.add("old " + shortened(diff.before()) + ", new " + shortened(diff.after()));
        Map<Line, TreeSet<String>> lines = new LinkedHashMap<>();
        for (Change change : diff.changes()) {
            Line line = new Line(
                    change.kind(), change.server(), change.groups(), change.logins(), effect(change), because(change));
            lines.computeIfAbsent(line, same -> new TreeSet<>()).add(change.client());
        }
        for (Diff.Kind kind : Diff.Kind.values()) {
            List<List<String>> rows = new ArrayList<>();
            lines.forEach((line, clients) -> {
                if (line.kind() == kind) {
                    rows.add(List.of(
                            "  " + who(line.groups()),
                            String.join(", ", clients) + " -> " + line.server(),
                            line.effect(),
                            line.because() + logins(line.logins())));
                }
            });
            if (!rows.isEmpty()) {
                words.add("");
                words.add(heading(kind));
                words.addAll(Tables.aligned(rows));
            }
        }
        words.add("");
        words.add(diff.isEmpty() ? "nobody gains or loses anything" : count(diff));
        diff.rules().forEach(rule -> words.add("  " + rule));
        return words;
    }

    private static String shortened(String revision) {
        return revision.substring(0, Math.min(12, revision.length()));
    }

    private static String heading(Diff.Kind kind) {
        return switch (kind) {
            case GAINS -> "GAIN";
            case LOSES -> "LOSE";
            case BOTH -> "GAIN AND LOSE";
            case TTL -> "TOKENS LIVE LONGER OR SHORTER";
        };
    }

    private static String who(List<String> groups) {
        return groups.isEmpty() ? "everyone" : String.join(" + ", groups);
    }

    private static String logins(List<String> logins) {
        return logins.isEmpty() ? "" : " [" + String.join("; ", logins) + "]";
    }

    private static String effect(Change change) {
        if (change.kind() == Diff.Kind.TTL) {
            return change.before().ttl().toSeconds() + "s -> "
                    + change.after().ttl().toSeconds() + "s";
        }
        List<String> parts = new ArrayList<>();
        change.gained().values().forEach(scope -> parts.add("+" + scope));
        change.lost().values().forEach(scope -> parts.add("-" + scope));
        if (parts.isEmpty()) {
            parts.add(change.after().allowed() ? "+access" : "-access");
        }
        return String.join(" ", parts);
    }

    /** What decides it now: connections, or the reason of the refusal. */
    private static String because(Change change) {
        Access after = change.after();
        return after.allowed() ? "by " + String.join(", ", after.connections()) : after.reason();
    }

    private static String count(Diff diff) {
        return diff.changes().size() + (diff.changes().size() == 1 ? " change" : " changes")
                + " (conditions in `when` are taken to hold); rules:";
    }

    static ObjectNode inJson(Diff diff) {
        ObjectNode answer = PrintingCommand.object().put("old", diff.before()).put("new", diff.after());
        ArrayNode changes = answer.putArray("changes");
        for (Change change : diff.changes()) {
            ObjectNode one = changes.addObject()
                    .put("kind", change.kind().name().toLowerCase(java.util.Locale.ROOT))
                    .put("client", change.client())
                    .put("server", change.server());
            one.set("groups", PrintingCommand.array(change.groups()));
            one.set("logins", PrintingCommand.array(change.logins()));
            one.set("gained", PrintingCommand.array(change.gained().values()));
            one.set("lost", PrintingCommand.array(change.lost().values()));
            one.set("before", access(change.before()));
            one.set("after", access(change.after()));
        }
        answer.set("rules", PrintingCommand.array(diff.rules()));
        return answer;
    }

    private static ObjectNode access(Access access) {
        ObjectNode node = PrintingCommand.object()
                .put("allowed", access.allowed())
                .put("reason", access.reason())
                .put("ttl", access.ttl().toSeconds());
        node.set("scopes", PrintingCommand.array(access.scopes().values()));
        node.set("connections", PrintingCommand.array(access.connections()));
        return node;
    }
}
