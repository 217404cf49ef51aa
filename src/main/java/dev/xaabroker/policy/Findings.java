package dev.xaabroker.policy;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong in one file, each thing once, so that its author sees all of it together. */
final class Findings {

    /** Beyond this many the rest is noise, and looking for suggestions would take long. */
    private static final int ENOUGH = 100;

    private final String file;
    private final Set<Finding> all = new LinkedHashSet<>();

    Findings(String file) {
        this.file = file;
    }

    void at(Node node, String message) {
        at(
                node.getStartMark().map(Mark::getLine).orElse(0) + 1,
                node.getStartMark().map(Mark::getColumn).orElse(0) + 1,
                message);
    }

    /** Lines and columns from 1. */
    void at(int line, int column, String message) {
        if (!isFull()) {
            all.add(new Finding(file, line, column, message));
        }
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
            throw new PolicyInvalid(all.stream()
                    .sorted(Comparator.comparingInt(Finding::line).thenComparingInt(Finding::column))
                    .toList());
        }
    }
}
