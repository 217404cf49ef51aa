package dev.xaabroker.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** What each file of a policy says about itself, and that all of them agree. */
final class Header {

    private final Findings findings;
    private @Nullable Text tenant;
    private @Nullable Text owner;

    Header(Findings findings) {
        this.findings = findings;
    }

    /** The tenant of all files; empty when none could be read, which has been reported. */
    String tenant() {
        return tenant == null ? "" : tenant.value();
    }

    /** Whom to ask when an entry does not say; empty when no file does. */
    String owner() {
        return owner == null ? "" : owner.value();
    }

    void read(Fields file) {
        file.require("apiVersion", "xaa/v1");
        Values.choice(file, "apiVersion", Map.of("xaa/v1", "xaa/v1"));
        file.require("kind", "ManagedConnections");
        Values.choice(file, "kind", Map.of("ManagedConnections", "ManagedConnections"));
        file.require("metadata", "{ tenant: NAME, owner: WHOM_TO_ASK }");
        file.fields("metadata", "`metadata`").ifPresent(this::metadata);
    }

    private void metadata(Fields metadata) {
        metadata.requiredText("tenant", "a short name for your organization").ifPresent(text -> {
            Values.checkName(text, findings);
            tenant = agreed("tenant", tenant, text);
        });
        metadata.text("owner").ifPresent(text -> owner = agreed("owner", owner, text));
        metadata.done();
    }

    private Text agreed(String key, @Nullable Text before, Text text) {
        if (before == null) {
            return text;
        }
        if (!before.value().equals(text.value())) {
            Node here = text.at();
            findings.at(
                    here,
                    "`" + key + "` is `" + before.value() + "` " + Findings.place(before.at(), here)
                            + ": all files of a directory are one policy, so write the same");
        }
        return before;
    }
}
