package dev.xaabroker.policy;

import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads lists of scope values (RFC 6749 s3.3). */
final class ScopeLists {

    private ScopeLists() {}

    static Optional<Scopes> read(Fields fields, String key) {
        return fields.texts(key).map(texts -> of(texts, fields.findings()));
    }

    private static Scopes of(List<Text> texts, Findings findings) {
        List<String> values = new ArrayList<>();
        for (Text text : texts) {
            try {
                Scopes.of(text.value());
                values.add(text.value());
            } catch (IllegalArgumentException e) {
                findings.at(
                        text.at(),
                        "not a scope value (RFC 6749 s3.3): write one word without spaces, quotes, backslashes");
            }
        }
        return Scopes.of(values);
    }

    /**
     * Reports each scope of {@code key} that none of {@code servers} offers: it would match nothing, in silence.
     *
     * @return whether there is no such scope
     */
    static boolean checkOffered(Fields fields, String key, List<Server> servers) {
        Set<String> offered = new HashSet<>();
        servers.forEach(server -> offered.addAll(server.scopes().values()));
        boolean well = true;
        for (Text text : fields.texts(key).orElse(List.of())) {
            if (!offered.contains(text.value())) {
                well = false;
                String hint = Spelling.hint(text.value(), offered);
                fields.findings()
                        .at(
                                text.at(),
                                "none of its servers offers the scope `" + text.value() + "`"
                                        + (hint.isEmpty() ? ": add it to the server, or remove it here" : hint));
            }
        }
        return well;
    }
}
