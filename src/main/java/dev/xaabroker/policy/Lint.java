package dev.xaabroker.policy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is allowed in a managed-connections file and yet probably not meant. */
public final class Lint {

    private Lint() {}

    /**
     * One thing to look at.
     *
     * @param check what was looked for, a stable code: {@code shadowed-rule}, {@code no-owner}, ...
     * @param subject what it is about: {@code connection eng-figma}
     * @param line from 1
     * @param column from 1
     * @param fix what to do about it
     */
    public record Advice(String check, String subject, String file, int line, int column, String message, String fix) {

        /** The form that editors and terminals make clickable. */
        @Override
        public String toString() {
            return file + ":" + line + ":" + column + ": " + check + ": " + message + "; " + fix;
        }
    }

    /**
     * Looks through a policy that loaded.
     *
     * @param file where it was read from, a file or a folder of files
     * @throws PolicyInvalid when the file cannot be read any more
     */
    public static List<Advice> of(Policy policy, Path file, Instant at) {
        Written written = Written.in(file);
        List<Advice> advice = new ArrayList<>();
        CompiledPolicy compiled = (CompiledPolicy) policy;
        advice.addAll(new RuleLint(compiled, written, at).advice());
        advice.addAll(new EntryLint(compiled, written).advice());
        advice.sort(Comparator.comparing(Advice::file)
                .thenComparingInt(Advice::line)
                .thenComparingInt(Advice::column)
                .thenComparing(Advice::check));
        return List.copyOf(advice);
    }
}
