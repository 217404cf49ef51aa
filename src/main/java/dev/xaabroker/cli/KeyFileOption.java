package dev.xaabroker.cli;

import dev.xaabroker.keys.KeyRingFile;
import java.nio.file.Path;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Which key file to edit. */
final class KeyFileOption {

    @Option(
            names = "--file",
            required = true,
            paramLabel = "FILE",
            description = "The key file (xaa.keys.file): its owner edits it, and it is replaced in one step.")
    Path file;

    /** @throws Stopped when the file cannot be used; no key is in the message */
    <T> T edit(Function<KeyRingFile, T> edit) {
        try {
            return edit.apply(new KeyRingFile(file));
        } catch (IllegalArgumentException | IllegalStateException unusable) {
            throw new Stopped(String.valueOf(unusable.getMessage()));
        }
    }
}
