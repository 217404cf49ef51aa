package dev.xaabroker.policy;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Server;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.projectnessie.cel.common.types.Err;
import org.projectnessie.cel.interpreter.Activation;
import org.projectnessie.cel.interpreter.ResolvedValue;

/**
 * What the conditions of one decision may read. Each of the five variables resolves to these facts themselves, and
 * {@link ConditionTypes} takes the attribute out of them.
 *
 * <p>It remembers the first attribute that could not be read, for the operator's detail: the library's own error texts
 * may repeat a claim's value and are never used.
 */
final class Facts implements Activation {

    static final String CLAIMS_UNKNOWN =
            "the IdP's last refresh brought neither an ID token nor UserInfo: the user's claims are unknown";

    private final Identity user;
    private final Client client;
    private final Server server;
    private final Policy.Query query;
    private String missing = "";

    Facts(Identity user, Client client, Server server, Policy.Query query) {
        this.user = user;
        this.client = client;
        this.server = server;
        this.query = query;
    }

    Identity user() {
        return user;
    }

    Client client() {
        return client;
    }

    Server server() {
        return server;
    }

    Policy.Query query() {
        return query;
    }

    /** A mapped claim; null when the IdP did not send it. */
    @Nullable
    List<String> claim(String name) {
        List<String> values = user.attributes().get(name);
        return values == null || values.isEmpty() ? null : values;
    }

    /** What is read in place of something that is not there: an error, which denies. */
    Object missing(String what) {
        if (missing.isEmpty()) {
            missing = what;
        }
        return Err.newErr("%s", what);
    }

    /** What could not be read so far; empty when nothing was missing. */
    String missing() {
        return missing;
    }

    void forgetMissing() {
        missing = "";
    }

    @Override
    public ResolvedValue resolveName(String name) {
        return ConditionTypes.VARIABLES.contains(name) ? ResolvedValue.resolvedValue(this) : ResolvedValue.ABSENT;
    }

    @Override
    public @Nullable Activation parent() {
        return null;
    }
}
