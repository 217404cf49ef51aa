package dev.xaabroker.policy;

import dev.xaabroker.grant.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Looks at what a file lists: entries that nothing uses, that nobody owns, and a file without tests. */
final class EntryLint {

    private final CompiledPolicy policy;
    private final Written written;
    private final List<Lint.Advice> advice = new ArrayList<>();

    EntryLint(CompiledPolicy policy, Written written) {
        this.policy = policy;
        this.written = written;
    }

    List<Lint.Advice> advice() {
        unused("clients", "client", "clientGroups");
        unused("servers", "server", "serverGroups");
        disabledProviders();
        owners("clients", "client");
        owners("servers", "server");
        if (!written.hasTests()) {
            advice.add(new Lint.Advice(
                    "no-tests",
                    "the file",
                    written.firstFile(),
                    1,
                    1,
                    "the file has no tests",
                    "add a `tests:` section with who must get in and who must not, so that an edit cannot break it"));
        }
        return advice;
    }

    private void unused(String section, String kind, String groups) {
        Set<String> named = new TreeSet<>(written.namedByRules(section));
        written.section(groups).forEach((group, entry) -> {
            if (!named.contains(group)) {
                at(
                        "unused-group",
                        kind + " group " + group,
                        entry,
                        "no rule names it",
                        "remove it, or use it in a rule");
            }
        });
        Set<String> connected = new TreeSet<>();
        policy.table()
                .connections()
                .forEach(connection ->
                        connected.addAll(section.equals("clients") ? connection.clients() : connection.servers()));
        for (Map.Entry<String, Written.Entry> entry : written.section(section).entrySet()) {
            if (!connected.contains(entry.getKey())) {
                at(
                        "unused-" + kind,
                        kind + " " + entry.getKey(),
                        entry.getValue(),
                        "no connection names it, so every request of it is refused",
                        "add a connection for it, or remove it and its credentials");
            }
        }
    }

    private void disabledProviders() {
        policy.entries().identityProviders().forEach((name, idp) -> {
            Written.Entry entry = written.section("identityProviders").get(name);
            if (idp.status() == Status.DISABLED && entry != null) {
                at(
                        "idp-disabled",
                        "identity provider " + name,
                        entry,
                        "it is disabled, so all of its users are refused",
                        "enable it, or remove it with its clients");
            }
        });
    }

    private void owners(String section, String kind) {
        if (written.hasOwner()) {
            return;
        }
        written.section(section).forEach((name, entry) -> {
            if (entry.text("owner").isEmpty()) {
                at(
                        "no-owner",
                        kind + " " + name,
                        entry,
                        "nobody owns it, so a refusal cannot say whom to ask",
                        "add `owner:` to it, or `owner` to `metadata`");
            }
        });
    }

    private void at(String check, String subject, Written.Entry entry, String message, String fix) {
        advice.add(new Lint.Advice(
                check, subject, entry.file(), entry.line(), entry.column(), subject + ": " + message, fix));
    }
}
