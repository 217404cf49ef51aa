package dev.xaabroker.policy;

import org.projectnessie.cel.Program;
import org.projectnessie.cel.common.types.BoolT;
import org.projectnessie.cel.common.types.ref.Val;

/** A {@code when}, checked and compiled: a pure function of {@link Facts}, without I/O and without loops of its own. */
final class Condition {

    private final String text;
    private final Program program;

    Condition(String text, Program program) {
        this.text = text;
        this.program = program;
    }

    String text() {
        return text;
    }

    /** {@link Reach#GRANTED}, {@link Reach#CONDITION_FALSE} or {@link Reach#CONDITION_ERROR}: whatever is not true denies. */
    Reach test(Facts facts) {
        facts.forgetMissing();
        if (!facts.user().claimsKnown() && text.contains("user")) {
            facts.missing(Facts.CLAIMS_UNKNOWN);
            return Reach.CONDITION_ERROR;
        }
        Val answer;
        try {
            answer = program.eval(facts).getVal();
        } catch (RuntimeException e) {
            return Reach.CONDITION_ERROR;
        }
        if (!(answer instanceof BoolT)) {
            return Reach.CONDITION_ERROR;
        }
        return answer.booleanValue() ? Reach.GRANTED : Reach.CONDITION_FALSE;
    }
}
