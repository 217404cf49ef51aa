package dev.xaabroker.policy;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong in one policy, each thing once, so that its author sees all of it together. */
final class Findings {

    /** Beyond this many the rest is noise, and looking for suggestions would take long. */
    private static final int ENOUGH = 100;

    private final String name;
    private final Set<Finding> all = new LinkedHashSet<>();

    /** @param name what to name where a node does not know its file */
    Findings(String name) {
        this.name = name;
    }

    /** Reports something about {@code node}, in the file that it was read from. */
    void at(Node node, String message) {
        Mark mark = node.getStartMark().orElse(null);
        if (mark == null) {
            at(name, 1, 1, message);
        } else {
            at(mark.getName(), mark.getLine() + 1, mark.getColumn() + 1, message);
        }
    }

    /** Lines and columns from 1. */
    void at(String file, int line, int column, String message) {
        if (!isFull()) {
            all.add(new Finding(file, line, column, message));
        }
    }

    /** Where {@code node} stands, for a finding about {@code here}: {@code on line 12}, or {@code in b.yaml:12:3}. */
    static String place(Node node, Node here) {
        Mark mark = node.getStartMark().orElse(null);
        if (mark == null) {
            return "elsewhere";
        }
        int line = mark.getLine() + 1;
        boolean sameFile = here.getStartMark()
                .filter(other -> other.getName().equals(mark.getName()))
                .isPresent();
        return sameFile ? "on line " + line : "in " + mark.getName() + ":" + line + ":" + (mark.getColumn() + 1);
    }

    boolean isFull() {
        return all.size() >= ENOUGH;
    }

    /**
     * Ends a step that the next one builds on.
     *
     * @throws PolicyInvalid when anything has been found
     */
    void throwIfAny() {
        if (!all.isEmpty()) {
            throw new PolicyInvalid(all());
        }
    }

    /** All of them, by file, line and column. */
    List<Finding> all() {
        return all.stream()
                .sorted(Comparator.comparing(Finding::file)
                        .thenComparingInt(Finding::line)
                        .thenComparingInt(Finding::column))
                .toList();
    }
}
