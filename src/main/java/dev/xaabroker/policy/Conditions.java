package dev.xaabroker.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.projectnessie.cel.Ast;
import org.projectnessie.cel.CEL;
import org.projectnessie.cel.Env;
import org.projectnessie.cel.EnvOption;
import org.projectnessie.cel.Issues;
import org.projectnessie.cel.Library;
import org.projectnessie.cel.checker.Decls;
import org.projectnessie.cel.common.CELError;
import org.projectnessie.cel.parser.Macro;

/**
 * Compiles the conditions of one file, each text once per IdP. A condition that could read something that does not
 * exist, answer other than yes or no, or run for long, is a finding.
 */
final class Conditions {

    static final int MAX_LENGTH = 1_000;
    static final int MAX_DEPTH = 20;

    private static final Set<String> MACROS = Set.of("has", "all", "exists");

    private final Map<String, Language> languages = new HashMap<>();
    private final Map<String, IdentityProviderBinder.Bound> idps;
    private final Findings findings;

    Conditions(Map<String, IdentityProviderBinder.Bound> idps, Findings findings) {
        this.idps = idps;
        this.findings = findings;
    }

    /** CEL with the claims of one IdP, and what was compiled in it: a text that failed is remembered as its problem. */
    private record Language(ConditionTypes types, Env env, Map<String, Compiled> compiled) {}

    private record Compiled(@Nullable Condition condition, String problem) {}

    /** @param idp the IdP whose users the rule is about; null when the rule could not be read, which is reported elsewhere */
    @Nullable
    Condition compile(Text when, @Nullable String idp) {
        IdentityProviderBinder.Bound bound = idp == null ? null : idps.get(idp);
        if (bound == null) {
            return null;
        }
        Language language = languages.computeIfAbsent(
                idp, name -> language(bound.entry().claims().keySet()));
        Compiled compiled = language.compiled().computeIfAbsent(when.value(), text -> compile(text, language));
        if (!compiled.problem().isEmpty()) {
            findings.at(when.at(), "`when` " + compiled.problem());
        }
        return compiled.condition();
    }

    private static Language language(Set<String> claims) {
        ConditionTypes types = new ConditionTypes(claims);
        Env env = Env.newCustomEnv(
                types,
                List.of(
                        Library.StdLib(),
                        EnvOption.clearMacros(),
                        EnvOption.macros(Macro.AllMacros.stream()
                                .filter(macro -> MACROS.contains(macro.function()))
                                .toList()),
                        EnvOption.homogeneousAggregateLiterals(),
                        EnvOption.declarations(ConditionTypes.declarations())));
        return new Language(types, env, new HashMap<>());
    }

    private static Compiled compile(String text, Language language) {
        if (text.length() > MAX_LENGTH) {
            return problem("is longer than " + MAX_LENGTH + " characters: write several connections instead");
        }
        if (depth(text) > MAX_DEPTH) {
            return problem("nests more than " + MAX_DEPTH + " brackets: write several connections instead");
        }
        try {
            return check(text, language);
        } catch (StackOverflowError e) {
            return problem("is nested too deeply: write several connections instead");
        }
    }

    private static Compiled check(String text, Language language) {
        Env.AstIssuesTuple parsed = language.env().parse(text);
        if (parsed.hasIssues()) {
            return problem(firstOf(parsed.getIssues()));
        }
        Ast ast = parsed.getAst();
        String forbidden = new ConditionBounds(ast.getSourceInfo(), language.types()).problem(ast.getExpr());
        if (!forbidden.isEmpty()) {
            return problem(forbidden);
        }
        Env.AstIssuesTuple checked = language.env().check(ast);
        if (checked.hasIssues()) {
            return problem(firstOf(checked.getIssues()));
        }
        String mixed = ComparedTypes.problem(CEL.astToCheckedExpr(checked.getAst()));
        if (!mixed.isEmpty()) {
            return problem(mixed);
        }
        if (!checked.getAst().getResultType().equals(Decls.Bool)) {
            return problem("must say yes or no, as a comparison does: its result is no bool");
        }
        return new Compiled(new Condition(text, language.env().program(checked.getAst())), "");
    }

    private static Compiled problem(String problem) {
        return new Compiled(null, problem);
    }

    private static String firstOf(Issues issues) {
        CELError error = issues.getErrors().getFirst();
        return "is wrong at character " + (error.getLocation().column() + 1)
                + (error.getLocation().line() > 1
                        ? " of its line " + error.getLocation().line()
                        : "") + ": "
                + error.getMessage().replace(" (in container '')", "");
    }

    /** How deep brackets nest, those within quotes counted too: the parser calls itself for each. */
    private static int depth(String text) {
        int depth = 0;
        int deepest = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(' || c == '[' || c == '{') {
                deepest = Math.max(deepest, ++depth);
            } else if (c == ')' || c == ']' || c == '}') {
                depth--;
            }
        }
        return deepest;
    }
}
