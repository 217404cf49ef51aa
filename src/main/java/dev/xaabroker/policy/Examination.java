package dev.xaabroker.policy;

import dev.xaabroker.grant.Credentials;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A policy as somebody reads it who looks for what is wrong: secrets and keys are followed as a serving broker follows them,
 * and where one cannot be had, a stand-in takes its place.
 *
 * @param missing what the references lead to in vain, each with its place and what to do
 */
public record Examination(Policy policy, List<Finding> missing) {

    public Examination {
        missing = List.copyOf(missing);
    }

    /**
     * Reads a file or a folder of files.
     *
     * @param environment answers an empty string for a variable that is not set
     * @param httpOnLoopback whether plain http is accepted on loopback, for development
     * @throws PolicyInvalid when it cannot be read, or anything but its secrets is wrong
     */
    public static Examination of(Path file, UnaryOperator<String> environment, boolean httpOnLoopback) {
        Findings missing = new Findings(file.toString());
        Policy policy =
                PolicyReader.forgiving(environment, httpOnLoopback, missing).read(file);
        return new Examination(policy, missing.all());
    }

    /** Whether these credentials are those of the file, and no stand-in. */
    public static boolean isReal(Credentials credentials) {
        return switch (credentials) {
            case Credentials.SecretBasic basic -> !UnfollowedReferences.isStandIn(basic.secret());
            case Credentials.SecretPost post -> !UnfollowedReferences.isStandIn(post.secret());
            case Credentials.PrivateKeyJwt jwt -> !UnfollowedReferences.isStandIn(jwt.key());
        };
    }
}
