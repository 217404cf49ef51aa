package dev.xaabroker.cli;

import dev.xaabroker.grant.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Secrets come from files or the environment, never from an argument: arguments stand in the process list and in the
 * shell's history.
 */
final class Secrets {

    private static final int MOST_BYTES = 64 * 1024;

    private Secrets() {}

    static Secret fromFileOrEnvironment(@Nullable Path file, String variable, String whenMissing) {
        if (file != null) {
            return fromFile(file);
        }
        String value = System.getenv(variable);
        if (value == null || value.isBlank()) {
            throw new Stopped(whenMissing + ", or set " + variable);
        }
        return Secret.of(value.strip());
    }

    /** The text of {@code file} without the line end that editors add. */
    static Secret fromFile(Path file) {
        try {
            String text =
                    Files.size(file) > MOST_BYTES ? "" : Files.readString(file).strip();
            if (text.isEmpty()) {
                throw new Stopped(file + ": empty, or too large to be a secret");
            }
            return Secret.of(text);
        } catch (IOException e) {
            throw new Stopped(file + ": cannot be read; check that it exists and that you may read it");
        }
    }
}
