package dev.xaabroker.policy;

import java.util.List;

/**
 * A decision and how it came about.
 *
 * @param decision what {@link Policy#decide} answers to the same question
 * @param steps every check in the order of POLICY.md, "Decision order"
 */
public record Explanation(Decision decision, List<Step> steps) {

    public Explanation {
        steps = List.copyOf(steps);
    }
}
