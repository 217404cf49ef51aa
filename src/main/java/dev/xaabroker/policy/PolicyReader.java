package dev.xaabroker.policy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads, checks and compiles managed connections, from one file or from a directory of files: all of it, or nothing.
 *
 * <p>A reader that {@linkplain #serving serves} follows the references to secrets and keys; one that {@linkplain
 * #reviewing reviews} only looks at how they are written. Both answer the same revision and the same decisions.
 */
public final class PolicyReader {

    private final Opening references;
    private final boolean httpOnLoopback;

    private interface Opening {
        References in(Path directory, Footprint footprint, Findings findings);
    }

    private PolicyReader(Opening references, boolean httpOnLoopback) {
        this.references = references;
        this.httpOnLoopback = httpOnLoopback;
    }

    /**
     * Reads what a broker will serve with: every secret and key must be there.
     *
     * @param environment answers an empty string for a variable that is not set
     * @param httpOnLoopback whether plain http is accepted on loopback, for development
     */
    public static PolicyReader serving(UnaryOperator<String> environment, boolean httpOnLoopback) {
        return new PolicyReader(
                (directory, footprint, findings) -> new FollowedReferences(directory, environment, footprint, findings),
                httpOnLoopback);
    }

    /**
     * Reads on a machine that has no secrets, such as a reviewer's or CI's. No file but the policy itself is opened and no
     * variable is read; what {@link Policy} then holds in place of secrets and keys opens and signs nothing.
     *
     * @param httpOnLoopback whether plain http is accepted on loopback, for development
     */
    public static PolicyReader reviewing(boolean httpOnLoopback) {
        return new PolicyReader((directory, footprint, findings) -> new UnfollowedReferences(findings), httpOnLoopback);
    }

    /**
     * Reads for {@link Examination}: follows references as {@link #serving} does, and goes on without them.
     *
     * @param missing takes note of what they lead to in vain
     */
    static PolicyReader forgiving(UnaryOperator<String> environment, boolean httpOnLoopback, Findings missing) {
        return new PolicyReader(
                (directory, footprint, findings) -> new ForgivingReferences(
                        new FollowedReferences(directory, environment, footprint, missing),
                        new UnfollowedReferences(findings)),
                httpOnLoopback);
    }

    /**
     * Reads one file, or all {@code *.yaml} and {@code *.yml} of a directory as one policy: sorted by name, dot files and
     * folders in it left out, symbolic links followed. Relative {@code file:} references start at the directory.
     *
     * @throws PolicyInvalid when it cannot be read or anything is wrong in it
     */
    public Policy read(Path fileOrDirectory) {
        return read(fileOrDirectory, new Footprint());
    }

    /**
     * The same, for one who watches.
     *
     * @param footprint takes note of everything before it is read
     */
    Policy read(Path fileOrDirectory, Footprint footprint) {
        return read(PolicySources.at(fileOrDirectory, footprint), footprint);
    }

    /**
     * Reads the text of a file.
     *
     * @param name how to call it in findings
     * @param directory where relative references start
     */
    Policy read(String name, String text, Path directory) {
        return read(new PolicySources(name, directory, List.of(new PolicySources.Source(name, text))), new Footprint());
    }

    private Policy read(PolicySources sources, Footprint footprint) {
        Findings findings = new Findings(sources.name());
        PolicyFile parser = new PolicyFile(findings);
        List<Node> roots = new ArrayList<>();
        for (PolicySources.Source source : sources.files()) {
            parser.parse(source.name(), source.text()).ifPresent(roots::add);
        }
        findings.throwIfAny();
        PolicyParts parts = PolicyParts.of(roots, findings);
        findings.throwIfAny();
        return new PolicyBinder(
                        parts,
                        references.in(sources.directory(), footprint, findings),
                        new Identifiers(httpOnLoopback, findings),
                        findings)
                .bind();
    }
}
