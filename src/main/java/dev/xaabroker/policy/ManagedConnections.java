package dev.xaabroker.policy;

/** The policy in force. */
public interface ManagedConnections {

    /**
     * The last good file, compiled.
     *
     * @throws dev.xaabroker.grant.Refusal Unavailable "policy" when none has been loaded yet
     */
    Policy current();
}
