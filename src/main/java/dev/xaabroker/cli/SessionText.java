package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A session in words: one member a line. */
final class SessionText {

    private SessionText() {}

    static List<String> lines(JsonNode session) {
        List<List<String>> rows = new ArrayList<>();
        session.properties()
                .forEach(member -> rows.add(List.of(
                        AdminFace.printable(member.getKey()),
                        AdminFace.printable(member.getValue().asText()))));
        return Tables.aligned(rows);
    }
}
