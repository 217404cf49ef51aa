package dev.xaabroker.policy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Follows {@code env:NAME} and {@code file:PATH}. Secrets are never written into the file itself, and one that was is
 * not repeated in the finding.
 */
final class References {

    private static final Pattern ENVIRONMENT_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n]+\\z");
    private static final long MAX_BYTES = 1024L * 1024;

    private final Path directory;
    private final UnaryOperator<String> environment;
    private final Findings findings;

    /**
     * @param directory the policy file's: relative paths start there
     * @param environment answers an empty string for a variable that is not set
     */
    References(Path directory, UnaryOperator<String> environment, Findings findings) {
        this.directory = directory;
        this.environment = environment;
        this.findings = findings;
    }

    /** What {@code reference} leads to, without the line end that editors put after it. */
    Optional<String> follow(Text reference, String key) {
        String value = reference.value();
        Optional<String> content = Optional.empty();
        if (value.startsWith("env:")
                && ENVIRONMENT_NAME.matcher(value.substring(4)).matches()) {
            content = variable(reference, value.substring(4));
        } else if (value.startsWith("file:") && value.length() > 5) {
            content = file(reference, value.substring(5));
        } else {
            findings.at(
                    reference.at(),
                    "`" + key + "` must be a reference, env:NAME or file:PATH; values do not belong in this file,"
                            + " and one that has been in it should be replaced");
        }
        return content;
    }

    private Optional<String> variable(Text reference, String name) {
        String content = environment.apply(name);
        if (content.isBlank()) {
            findings.at(reference.at(), "env:" + name + " is not set or empty: set it where the broker runs");
            return Optional.empty();
        }
        return Optional.of(content);
    }

    private Optional<String> file(Text reference, String path) {
        String problem = "cannot be read";
        try {
            Path file = directory.resolve(path);
            if (!Files.isRegularFile(file)) {
                problem = "does not exist or is no file (relative paths start at this file's folder)";
            } else if (Files.size(file) > MAX_BYTES) {
                problem = "is larger than 1 MiB";
            } else {
                String content = LINE_ENDS
                        .matcher(Files.readString(file, StandardCharsets.UTF_8))
                        .replaceFirst("");
                if (!content.isBlank()) {
                    return Optional.of(content);
                }
                problem = "is empty";
            }
        } catch (IOException | InvalidPathException e) {
            problem = "cannot be read: " + e.getClass().getSimpleName();
        }
        findings.at(reference.at(), "file:" + path + " " + problem);
        return Optional.empty();
    }
}
