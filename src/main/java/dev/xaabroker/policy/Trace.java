package dev.xaabroker.policy;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.grant.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes down how a decision came about, from what {@link Admission} and {@link WithUser} found: it decides nothing
 * itself. Connections come after all that is asked once, each with its own checks, in the order of ids.
 */
final class Trace {

    private static final List<Reason> ADMISSION = List.of(
            Reason.CLIENT_UNKNOWN,
            Reason.CLIENT_DISABLED,
            Reason.CLIENT_KILLED,
            Reason.SERVER_UNKNOWN,
            Reason.SERVER_DISABLED,
            Reason.SERVER_KILLED,
            Reason.IDP_DISABLED,
            Reason.SESSION_UNKNOWN,
            Reason.SESSION_ENDED,
            Reason.USER_KILLED,
            Reason.RESOURCE_MISMATCH);

    private static final List<Reach> OF_A_CONNECTION = List.of(
            Reach.STATUS,
            Reach.EXPIRY,
            Reach.KILLED,
            Reach.USER,
            Reach.SCOPE,
            Reach.ASSURANCE,
            Reach.CONDITION_FALSE,
            Reach.CONDITION_ERROR);

    private static final Set<Reason> OF_SESSIONS = Set.of(Reason.SESSION_UNKNOWN, Reason.SESSION_ENDED);

    private static final Set<Reason> KILLS =
            Set.of(Reason.CLIENT_KILLED, Reason.SERVER_KILLED, Reason.USER_KILLED, Reason.CONNECTION_KILLED);

    private static final String NOT_HERE = "not decided by the file";

    private final List<Step> steps = new ArrayList<>();
    private final Policy.Query query;
    private final @Nullable Server server;

    Trace(String tenant, Policy.Query query, @Nullable Server server) {
        this.query = query;
        this.server = server;
        step(Reason.POLICY_UNAVAILABLE, Outcome.PASSED, "", "a policy is in force");
        step(Reason.TENANT_UNKNOWN, Outcome.PASSED, tenant, "");
    }

    /** Ended before the rules. */
    List<Step> stopped(Reason reason, Failure failure) {
        admission(reason, failure.detail());
        step(Reason.DENIED_BY_RULE, Outcome.NOT_REACHED, "", "");
        step(Reason.NO_CONNECTION, Outcome.NOT_REACHED, "", "");
        step(Reason.ALLOWED, Outcome.NOT_REACHED, "", "");
        return steps;
    }

    /** Got to the rules. */
    List<Step> admitted(WithUser found, Decision decision) {
        admission(Reason.ALLOWED, "");
        found.question().denyRules().forEach(rule -> denyRule(rule, found, notes(decision)));
        if (found.question().denyRules().isEmpty()) {
            step(Reason.DENIED_BY_RULE, Outcome.PASSED, "", "no deny rule is about this client and server");
        }
        if (found.isDeniedOutright()) {
            step(Reason.NO_CONNECTION, Outcome.NOT_REACHED, "", "");
        } else {
            boolean none = found.attempts().isEmpty();
            step(Reason.NO_CONNECTION, none ? Outcome.FAILED : Outcome.PASSED, "", "");
            found.attempts().forEach(attempt -> connection(attempt, found));
            found.trials().forEach(trial -> trial(trial, notes(decision)));
        }
        allowed(found, decision);
        return steps;
    }

    private void admission(Reason stop, String detail) {
        boolean reached = true;
        for (Reason check : ADMISSION) {
            if (isDecidedElsewhere(check)) {
                step(check, Outcome.NOT_REACHED, "", NOT_HERE);
            } else if (check == stop) {
                step(check, Outcome.FAILED, subject(check), detail);
                reached = false;
            } else {
                step(check, reached ? Outcome.PASSED : Outcome.NOT_REACHED, subject(check), "");
            }
        }
    }

    /** Sessions always are, and what security has shut is when the file alone is asked. */
    private boolean isDecidedElsewhere(Reason check) {
        return OF_SESSIONS.contains(check)
                || (KILLS.contains(check) && query.kills().isEmpty());
    }

    private String subject(Reason check) {
        return switch (check) {
            case CLIENT_UNKNOWN, CLIENT_DISABLED, CLIENT_KILLED ->
                query.client().id();
            case IDP_DISABLED -> query.client().identityProvider();
            case USER_KILLED -> "";
            default -> server == null ? query.resource() : server.name();
        };
    }

    private void denyRule(DenyRule rule, WithUser found, List<String> notes) {
        DenyRule deniedBy = found.deniedBy();
        boolean behind =
                deniedBy != null && found.isDeniedOutright() && rule.id().compareTo(deniedBy.id()) > 0;
        if (rule.equals(deniedBy)) {
            step(Reason.DENIED_BY_RULE, Outcome.FAILED, rule.id(), "denies " + what(rule));
        } else if (notes.contains("would-deny:" + rule.id())) {
            step(Reason.DENIED_BY_RULE, Outcome.NOTED, rule.id(), "in audit mode; would deny " + what(rule));
        } else if (behind) {
            step(Reason.DENIED_BY_RULE, Outcome.NOT_REACHED, rule.id(), "");
        } else if (!found.denyRules().contains(rule)) {
            step(Reason.DENIED_BY_RULE, Outcome.PASSED, rule.id(), "is about other users: " + words(rule.users()));
        } else {
            String takes = query.scopes().isEmpty() && rule.mode() == Mode.ENFORCE ? "takes " : "denies only ";
            step(Reason.DENIED_BY_RULE, Outcome.PASSED, rule.id(), takes + what(rule));
        }
    }

    private static String what(DenyRule rule) {
        return rule.scopes() == null ? "everything" : rule.scopes().toString();
    }

    private void connection(Attempt attempt, WithUser found) {
        String id = attempt.connection().id();
        Attempt.Stop stop = found.stop();
        Reach end = stop != null && stop.attempt().equals(attempt) ? stop.reach() : attempt.reach();
        for (Reach check : OF_A_CONNECTION) {
            if (isDecidedElsewhere(check.reason())) {
                step(check.reason(), Outcome.NOT_REACHED, id, NOT_HERE);
                continue;
            }
            Outcome outcome = Outcome.FAILED;
            if (check != end) {
                boolean unknown = check == Reach.CONDITION_FALSE && end == Reach.CONDITION_ERROR;
                outcome = check.compareTo(end) < 0 && !unknown ? Outcome.PASSED : Outcome.NOT_REACHED;
            }
            step(check.reason(), outcome, id, outcome == Outcome.NOT_REACHED ? "" : detail(check, attempt));
        }
    }

    private String detail(Reach check, Attempt attempt) {
        Connection connection = attempt.connection();
        Condition condition = connection.condition();
        return switch (check) {
            case EXPIRY -> connection.ends() == null ? "never expires" : "ends " + connection.ends();
            case USER -> "is for " + words(connection.users());
            case SCOPE ->
                "gives " + words(attempt.scopes())
                        + query.scopes()
                                .map(asked -> ", asked for " + words(asked))
                                .orElse("");
            case ASSURANCE -> words(connection.requirement());
            case CONDITION_FALSE, CONDITION_ERROR ->
                (condition == null ? "no condition" : condition.text())
                        + (attempt.why().isEmpty() ? "" : ": " + attempt.why());
            case STATUS, KILLED, GRANTED -> "";
        };
    }

    private static String words(Users users) {
        return switch (users) {
            case Users.Anyone anyone -> "any user" + (anyone.idp() == null ? "" : " of " + anyone.idp());
            case Users.InGroups in ->
                "users of " + in.idp() + " in "
                        + String.join(", ", in.groups().stream().sorted().toList());
        };
    }

    private static String words(Scopes scopes) {
        return scopes.isEmpty() ? "no scope" : scopes.toString();
    }

    private static String words(Requirement requirement) {
        if (requirement.equals(Requirement.NONE)) {
            return "requires nothing of the login";
        }
        return "requires" + (requirement.acr() == null ? "" : " acr " + requirement.acr())
                + (requirement.maxAuthAge() == null
                        ? ""
                        : " a login not older than " + requirement.maxAuthAge().toSeconds() + "s");
    }

    /** A connection in audit mode is one step: it takes no part in the decision. */
    private void trial(Attempt trial, List<String> notes) {
        String id = trial.connection().id();
        boolean would = notes.contains("would-allow:" + id);
        String detail = would
                ? "would allow " + words(trial.scopes())
                : trial.grants()
                        ? "would allow nothing of what is asked for"
                        : "would not allow, for " + trial.reach().reason().code();
        step(Reason.ALLOWED, Outcome.NOTED, id, "in audit mode; " + detail);
    }

    private void allowed(WithUser found, Decision decision) {
        if (!(decision instanceof Decision.Allowed allowed)) {
            step(Reason.ALLOWED, Outcome.NOT_REACHED, "", "");
            return;
        }
        found.attempts().stream()
                .filter(attempt ->
                        allowed.connections().contains(attempt.connection().id()))
                .forEach(attempt -> step(
                        Reason.ALLOWED,
                        Outcome.PASSED,
                        attempt.connection().id(),
                        "grants " + words(Table.both(attempt.scopes(), allowed.scopes())) + " for at most "
                                + attempt.connection().ttl().toSeconds() + "s"));
    }

    private static List<String> notes(Decision decision) {
        return switch (decision) {
            case Decision.Allowed allowed -> allowed.notes();
            case Decision.Refused refused -> refused.notes();
        };
    }

    private void step(Reason check, Outcome outcome, String subject, String detail) {
        steps.add(new Step(check.code(), outcome, subject, detail));
    }
}
