package dev.xaabroker.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.projectnessie.cel.relocated.com.google.api.expr.v1alpha1.CheckedExpr;
import org.projectnessie.cel.relocated.com.google.api.expr.v1alpha1.Expr;
import org.projectnessie.cel.relocated.com.google.api.expr.v1alpha1.Type;

/**
 * Finds comparisons for equality of two kinds of value. CEL answers them with no, whatever the values, so that {@code
 * user.department != 1} would let everybody through.
 */
final class ComparedTypes {

    private static final Map<String, String> COMPARISONS = Map.of("_==_", "==", "_!=_", "!=");

    private final CheckedExpr checked;

    private ComparedTypes(CheckedExpr checked) {
        this.checked = checked;
    }

    /** The first such comparison, in words with its place; empty when there is none. */
    static String problem(CheckedExpr checked) {
        return new ComparedTypes(checked).in(checked.getExpr());
    }

    private String in(Expr expr) {
        if (expr.hasCallExpr() && COMPARISONS.containsKey(expr.getCallExpr().getFunction())) {
            String problem = comparison(expr, expr.getCallExpr());
            if (!problem.isEmpty()) {
                return problem;
            }
        }
        return parts(expr).stream()
                .map(this::in)
                .filter(problem -> !problem.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static List<Expr> parts(Expr expr) {
        if (expr.hasSelectExpr()) {
            return List.of(expr.getSelectExpr().getOperand());
        }
        if (expr.hasListExpr()) {
            return expr.getListExpr().getElementsList();
        }
        if (expr.hasComprehensionExpr()) {
            Expr.Comprehension loop = expr.getComprehensionExpr();
            return List.of(loop.getIterRange(), loop.getLoopStep());
        }
        if (!expr.hasCallExpr()) {
            return List.of();
        }
        List<Expr> parts = new ArrayList<>(expr.getCallExpr().getArgsList());
        parts.add(expr.getCallExpr().getTarget());
        return parts;
    }

    private String comparison(Expr expr, Expr.Call call) {
        Expr left = call.getArgs(0);
        Expr right = call.getArgs(1);
        if (type(left).equals(type(right)) || isEmptyList(left) || isEmptyList(right)) {
            return "";
        }
        int offset = checked.getSourceInfo().getPositionsMap().getOrDefault(expr.getId(), 0);
        String name = COMPARISONS.get(call.getFunction());
        return "is wrong at character " + (offset + 1) + ": `" + name + "` compares " + word(type(left)) + " with "
                + word(type(right));
    }

    private static boolean isEmptyList(Expr expr) {
        return expr.hasListExpr() && expr.getListExpr().getElementsCount() == 0;
    }

    private Type type(Expr expr) {
        return checked.getTypeMapMap().getOrDefault(expr.getId(), Type.getDefaultInstance());
    }

    private static String word(Type type) {
        if (type.hasPrimitive()) {
            String name = type.getPrimitive().name().toLowerCase(Locale.ROOT);
            return name.equals("int64") ? "an int" : "a " + name;
        }
        if (type.hasWellKnown()) {
            return "a " + type.getWellKnown().name().toLowerCase(Locale.ROOT);
        }
        return type.hasListType() ? "a list" : type.hasNull() ? "null" : "another kind of value";
    }
}
