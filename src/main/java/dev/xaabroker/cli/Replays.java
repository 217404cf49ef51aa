package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.policy.Replay;
import dev.xaabroker.policy.Replay.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A replay in words and in JSON. In words, requests of one user for the same thing share a line. */
final class Replays {

    private Replays() {}

    private record Line(String user, String client, String server, String scopes, String then, String now) {}

    static List<String> inWords(Replay replay) {
        List<String> words = new ArrayList<>();
        add("WOULD GAIN", replay.gained(), words);
        add("WOULD LOSE", replay.lost(), words);
        words.add(replay.gained().size() + " would gain, " + replay.lost().size() + " would lose, " + replay.same()
                + " the same, " + replay.unknown() + " unknown (their claims are not in the ledger)");
        return words;
    }

    private static void add(String heading, List<Verdict> verdicts, List<String> words) {
        if (verdicts.isEmpty()) {
            return;
        }
        Map<Line, Integer> lines = new LinkedHashMap<>();
        verdicts.forEach(verdict -> lines.merge(line(verdict), 1, Integer::sum));
        List<List<String>> rows = new ArrayList<>();
        lines.forEach((line, times) -> rows.add(List.of(
                "  " + times + "x",
                line.user(),
                line.client() + " -> " + line.server(),
                line.scopes(),
                line.then() + " => " + line.now())));
        words.add(heading);
        words.addAll(Tables.aligned(rows));
        words.add("");
    }

    private static Line line(Verdict verdict) {
        Replay.Asked asked = verdict.asked();
        return new Line(
                asked.user().isEmpty() ? "unknown user" : asked.user(),
                asked.client(),
                asked.server(),
                asked.asked().map(Scopes::toString).orElse("all scopes"),
                asked.reason(),
                verdict.reason());
    }

    static ObjectNode inJson(Replay replay) {
        ObjectNode answer = PrintingCommand.object().put("same", replay.same()).put("unknown", replay.unknown());
        write(replay.gained(), answer.putArray("gained"));
        write(replay.lost(), answer.putArray("lost"));
        return answer;
    }

    private static void write(List<Verdict> verdicts, ArrayNode array) {
        for (Verdict verdict : verdicts) {
            Replay.Asked asked = verdict.asked();
            ObjectNode one = array.addObject()
                    .put("at", asked.at().toString())
                    .put("requestId", asked.requestId())
                    .put("user", asked.user())
                    .put("client", asked.client())
                    .put("server", asked.server())
                    .put("then", asked.reason())
                    .put("now", verdict.reason());
            asked.asked().ifPresent(scopes -> one.put("asked", scopes.toString()));
        }
    }
}
