package dev.xaabroker.policy;

/** How one check of a decision ended. */
public enum Outcome {
    /** It held, and the decision went on. */
    PASSED,
    /** It did not hold. The first failure in the order of POLICY.md is the answer, unless another connection grants. */
    FAILED,
    /** An earlier check had answered already, or it is made elsewhere: sessions and kills are no matter of the file. */
    NOT_REACHED,
    /** A rule in audit mode would have decided otherwise; it changes nothing. */
    NOTED
}
