package dev.xaabroker.policy;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Reason;
import java.time.Duration;
import java.util.Optional;

/**
 * Words for what stands against a request: a text for its client, an owner to ask, a detail for the operator.
 *
 * @param owner whom to ask when the rule names nobody
 */
record Refusals(String owner) {

    private static final String AT_CONNECTION = " at connection ";

    Failure plain(Reason reason, String text) {
        return new Failure.Denied(reason, "", text, owner(""), text);
    }

    Failure byRule(DenyRule rule) {
        return new Failure.Denied(
                Reason.DENIED_BY_RULE,
                rule.id(),
                "A rule of your organization forbids this.",
                owner(rule.owner()),
                "denied by rule " + rule.id());
    }

    Failure noConnection() {
        return plain(
                Reason.NO_CONNECTION, "No connection of your organization lets this client reach this MCP server.");
    }

    /** {@code connection} got furthest, and {@code stop} is what did not hold; {@code why} may be empty. */
    Failure byConnection(Connection connection, Reach stop, String why) {
        String detail = stop.reason().code() + AT_CONNECTION + connection.id() + (why.isEmpty() ? "" : ": " + why);
        if (stop == Reach.ASSURANCE) {
            return stepUp(connection, detail);
        }
        return new Failure.Denied(stop.reason(), connection.id(), text(stop), owner(connection.owner()), detail);
    }

    /** Whether {@code failure} is about the deny rule or connection {@code rule}. */
    static boolean names(Failure failure, String rule) {
        return switch (failure) {
            case Failure.Denied denied -> denied.rule().equals(rule);
            case Failure.StepUp stepUp -> stepUp.detail().endsWith(AT_CONNECTION + rule);
            default -> false;
        };
    }

    private Failure stepUp(Connection connection, String detail) {
        Requirement requirement = connection.requirement();
        Duration maxAge = requirement.maxAuthAge();
        return new Failure.StepUp(
                Reason.ASSURANCE_TOO_LOW.code(),
                requirement.acr() == null ? "" : requirement.acr(),
                maxAge == null ? -1 : maxAge.toSeconds(),
                owner(connection.owner()),
                detail);
    }

    private static String text(Reach stop) {
        return switch (stop) {
            case STATUS -> "The connection between this client and this MCP server is disabled.";
            case EXPIRY -> "The connection between this client and this MCP server has expired.";
            case KILLED -> "Security has shut the connection between this client and this MCP server.";
            case USER -> "You are not in a group that may reach this MCP server with this client.";
            case SCOPE -> "A scope that was asked for is not part of the connection.";
            case CONDITION_FALSE ->
                "The condition of the connection between this client and this MCP server does not hold.";
            case CONDITION_ERROR ->
                "The condition of the connection between this client and this MCP server could not be checked.";
            case ASSURANCE, GRANTED -> throw new IllegalArgumentException("not a denial");
        };
    }

    private Optional<String> owner(String ofRule) {
        return Optional.of(ofRule.isEmpty() ? owner : ofRule).filter(found -> !found.isEmpty());
    }
}
