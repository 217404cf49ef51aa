package dev.xaabroker.policy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads {@code users}: {@code any}, or {@code { groups: [engineering], idp: corp }}, or {@code { groups: any, idp: corp }}.
 *
 * <p>With several IdPs a connection names its own, or a second IdP that is added later would silently widen it; so bare
 * {@code any} is then only for deny rules, where it means everybody.
 */
final class UsersBinder {

    private static final Users NOBODY_READ = new Users.Anyone(null);

    private final Names idpNames;
    private final Map<String, IdentityProviderBinder.Bound> idps;
    private final Findings findings;

    UsersBinder(Names idpNames, Map<String, IdentityProviderBinder.Bound> idps, Findings findings) {
        this.idpNames = idpNames;
        this.idps = idps;
        this.findings = findings;
    }

    Users read(Fields rule, boolean deny) {
        rule.require("users", "`any`, or { groups: [name, …] }");
        Node node = rule.node("users").orElse(null);
        if (node == null) {
            return NOBODY_READ;
        }
        if (node instanceof ScalarNode) {
            return bareAny(rule, node, deny);
        }
        return Fields.open("`users` of " + rule.what(), node, rule.key("users"), findings)
                .map(this::detailed)
                .orElse(NOBODY_READ);
    }

    private Users bareAny(Fields rule, Node node, boolean deny) {
        boolean any =
                rule.text("users").filter(text -> text.value().equals("any")).isPresent();
        if (!any) {
            findings.at(node, "`users` is `any`, or { groups: [name, …] }");
        } else if (!deny && idpNames.all().size() > 1) {
            findings.at(node, "there are several identity providers: say whose users, { groups: any, idp: NAME }");
        }
        return new Users.Anyone(deny ? null : onlyIdp());
    }

    private Users detailed(Fields fields) {
        String idp = idp(fields);
        fields.require("groups", "[name, …], or any");
        Users users = groups(fields, idp);
        fields.done();
        return users;
    }

    private Users groups(Fields fields, @Nullable String idp) {
        Node node = fields.node("groups").orElse(null);
        if (node instanceof ScalarNode scalar
                && scalar.getTag().equals(Tag.STR)
                && scalar.getValue().equals("any")) {
            return new Users.Anyone(idp);
        }
        List<Text> groups =
                fields.someTexts("groups", "name a group, or write any").orElse(List.of());
        IdentityProviderBinder.Bound bound = idp == null ? null : idps.get(idp);
        if (bound != null && node != null && !bound.entry().claims().containsKey("groups")) {
            findings.at(
                    node,
                    "identity provider " + idp + " does not say which claim holds groups:"
                            + " add `claims: { groups: NAME_OF_THE_CLAIM }` to it");
        }
        return new Users.InGroups(Set.copyOf(Values.plain(groups)), idp == null ? "" : idp);
    }

    private @Nullable String idp(Fields fields) {
        Text idp = fields.text("idp").orElse(null);
        if (idp != null) {
            idpNames.check(idp);
            return idp.value();
        }
        if (!fields.has("idp") && idpNames.all().size() > 1) {
            findings.at(fields.anchor(), "there are several identity providers: add `idp: NAME` to `users`");
        }
        return onlyIdp();
    }

    private @Nullable String onlyIdp() {
        return idpNames.all().size() == 1 ? idpNames.all().iterator().next() : null;
    }
}
