package dev.xaabroker.policy;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import dev.xaabroker.grant.User;
import dev.xaabroker.policy.Admission.Entrance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers questions: it first admits client, server, IdP and audience, then asks the rules. */
final class Decider {

    private static final Identity NOBODY = new Identity(new User(""), null, Set.of(), Map.of(), null, null);

    private final Entries entries;
    private final Table table;
    private final Admission admission;

    Decider(Entries entries, Table table) {
        this.entries = entries;
        this.table = table;
        this.admission = new Admission(entries);
    }

    /** The rules by client and server, for those who compare whole files. */
    Table table() {
        return table;
    }

    @Nullable
    Server server(String resource) {
        return admission.server(resource);
    }

    Optional<Decision.Refused> beforeUser(Policy.Query query) {
        return switch (admission.of(query, null)) {
            case Entrance.Stopped(Reason reason, Failure failure) ->
                Optional.of(new Decision.Refused(failure, List.of()));
            case Entrance.Admitted admitted -> new WithoutUser(question(admitted, query)).refusal();
        };
    }

    Decision decide(Policy.Query query, Identity user) {
        return switch (admission.of(query, user.user())) {
            case Entrance.Stopped(Reason reason, Failure failure) -> new Decision.Refused(failure, List.of());
            case Entrance.Admitted admitted -> new WithUser(question(admitted, query), user).decide();
        };
    }

    Explanation explain(Policy.Query query, Optional<Identity> user) {
        Trace trace = new Trace(entries.tenant(), query, admission.server(query.resource()));
        return switch (admission.of(query, user.map(Identity::user).orElse(null))) {
            case Entrance.Stopped(Reason reason, Failure failure) ->
                new Explanation(new Decision.Refused(failure, List.of()), trace.stopped(reason, failure));
            case Entrance.Admitted admitted -> {
                WithUser withUser = new WithUser(question(admitted, query), user.orElse(NOBODY));
                Decision decision = withUser.decide();
                yield new Explanation(decision, trace.admitted(withUser, decision));
            }
        };
    }

    private Question question(Entrance.Admitted admitted, Policy.Query query) {
        Server server = admitted.server();
        Optional<Scopes> asked = query.scopes();
        return new Question(
                query,
                admitted.client(),
                server,
                entries.fingerprints().getOrDefault(server.name(), ""),
                table.cell(admitted.client(), server),
                table.denyRules(admitted.client(), server),
                asked.isPresent() && asked.get().isEmpty() ? Optional.empty() : asked,
                admission.refusals(server.owner()));
    }
}
