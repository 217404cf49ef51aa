package dev.xaabroker.policy;

import java.util.List;
import java.util.Set;
import org.projectnessie.cel.common.types.ref.FieldType;
import org.projectnessie.cel.relocated.com.google.api.expr.v1alpha1.Expr;
import org.projectnessie.cel.relocated.com.google.api.expr.v1alpha1.SourceInfo;

/**
 * What a condition may be made of, so that one evaluation is linear in the text and in the longest list of claims: no
 * regular expression, no loop within a loop, no list or map that grows, nothing that leaves the types.
 */
final class ConditionBounds {

    private static final Set<String> FUNCTIONS = Set.of(
            "_&&_",
            "_||_",
            "!_",
            "_?_:_",
            "_==_",
            "_!=_",
            "_<_",
            "_<=_",
            "_>_",
            "_>=_",
            "@in",
            "_[_]",
            "_+_",
            "_-_",
            "-_",
            "@not_strictly_false",
            "startsWith",
            "endsWith",
            "contains",
            "size",
            "duration",
            "timestamp",
            "int",
            "string",
            "getFullYear",
            "getMonth",
            "getDate",
            "getDayOfMonth",
            "getDayOfWeek",
            "getDayOfYear",
            "getHours",
            "getMinutes",
            "getSeconds");

    private static final String AVAILABLE =
            "; available are && || ! ?: == != < <= > >= in + - [], startsWith, endsWith,"
                    + " contains, size, has, exists, all, duration, timestamp, int, string, getHours and its like";

    private final SourceInfo source;
    private final ConditionTypes types;

    ConditionBounds(SourceInfo source, ConditionTypes types) {
        this.source = source;
        this.types = types;
    }

    /** The first thing that a condition may not be, in words with its place; empty when there is none. */
    String problem(Expr expr) {
        return problem(expr, false);
    }

    private String problem(Expr expr, boolean inLoop) {
        // No switch over the library's enums: it would initialize them while the native binary is built.
        if (expr.hasConstExpr() || expr.hasIdentExpr()) {
            return "";
        }
        if (expr.hasSelectExpr()) {
            return select(expr, inLoop);
        }
        if (expr.hasCallExpr()) {
            return call(expr, inLoop);
        }
        if (expr.hasListExpr()) {
            return first(expr.getListExpr().getElementsList(), inLoop);
        }
        return expr.hasComprehensionExpr()
                ? loop(expr, inLoop)
                : at(expr) + "maps and messages are not available" + AVAILABLE;
    }

    private String select(Expr expr, boolean inLoop) {
        Expr.Select select = expr.getSelectExpr();
        Set<String> attributes = types.attributes(typeOf(select.getOperand()));
        if (!attributes.isEmpty() && !attributes.contains(select.getField())) {
            String hint = Spelling.hint(select.getField(), attributes);
            String known = hint.isEmpty()
                    ? "; it has "
                            + String.join(", ", attributes.stream().sorted().toList())
                    : hint;
            return at(expr) + "there is no attribute `" + select.getField() + "`" + known;
        }
        FieldType field = types.findFieldType(typeOf(select.getOperand()), select.getField());
        if (inLoop && field != null && field.type.hasListType()) {
            return at(expr) + "a list of claims or scopes within exists or all is not available: it could run for long";
        }
        return problem(select.getOperand(), inLoop);
    }

    /** The type of a variable is called like the variable, and the one of {@code user.values} is called values. */
    private static String typeOf(Expr expr) {
        boolean values = expr.hasSelectExpr()
                && expr.getSelectExpr().getField().equals("values")
                && expr.getSelectExpr().getOperand().getIdentExpr().getName().equals("user");
        return values ? "values" : expr.getIdentExpr().getName();
    }

    private String call(Expr expr, boolean inLoop) {
        Expr.Call call = expr.getCallExpr();
        if (!FUNCTIONS.contains(call.getFunction())) {
            return at(expr) + "`" + call.getFunction() + "` is not available" + AVAILABLE;
        }
        String inTarget = call.hasTarget() ? problem(call.getTarget(), inLoop) : "";
        return inTarget.isEmpty() ? first(call.getArgsList(), inLoop) : inTarget;
    }

    private String loop(Expr expr, boolean inLoop) {
        if (inLoop) {
            return at(expr) + "exists or all within exists or all is not available: it could run for long";
        }
        Expr.Comprehension loop = expr.getComprehensionExpr();
        String inRange = problem(loop.getIterRange(), false);
        return inRange.isEmpty()
                ? first(
                        List.of(loop.getAccuInit(), loop.getLoopCondition(), loop.getLoopStep(), loop.getResult()),
                        true)
                : inRange;
    }

    private String first(List<Expr> parts, boolean inLoop) {
        return parts.stream()
                .map(part -> problem(part, inLoop))
                .filter(problem -> !problem.isEmpty())
                .findFirst()
                .orElse("");
    }

    private String at(Expr expr) {
        int offset = source.getPositionsMap().getOrDefault(expr.getId(), 0);
        return "is wrong at character " + (offset + 1) + ": ";
    }
}
