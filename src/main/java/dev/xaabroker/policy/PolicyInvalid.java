package dev.xaabroker.policy;

import java.util.List;
import java.util.stream.Collectors;

/** A managed-connections policy cannot be used. It carries everything that is wrong in it, by file and line. */
public final class PolicyInvalid extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Finding> findings;

    PolicyInvalid(List<Finding> findings) {
        super(findings.stream().map(Finding::toString).collect(Collectors.joining("\n")), null, false, false);
        this.findings = List.copyOf(findings);
    }

    /** Everything that is wrong, by file, line and column; never empty, at most a hundred. */
    public List<Finding> findings() {
        return findings;
    }
}
