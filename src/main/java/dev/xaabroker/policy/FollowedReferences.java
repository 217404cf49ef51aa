package dev.xaabroker.policy;

import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.SigningKey;
import dev.xaabroker.keys.JwkSets;
import dev.xaabroker.keys.SigningKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Follows references to what they name, where the broker runs; what is not there or cannot be used is reported. */
final class FollowedReferences implements References {

    private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n]+\\z");
    private static final long MAX_BYTES = 1024L * 1024;

    private final Path directory;
    private final UnaryOperator<String> environment;
    private final Footprint footprint;
    private final Findings findings;

    /**
     * @param directory the policy file's: relative paths start there
     * @param environment answers an empty string for a variable that is not set
     * @param footprint takes note of every file before it is read
     */
    FollowedReferences(Path directory, UnaryOperator<String> environment, Footprint footprint, Findings findings) {
        this.directory = directory;
        this.environment = environment;
        this.footprint = footprint;
        this.findings = findings;
    }

    @Override
    public Optional<Secret> secret(Text reference, String key) {
        return follow(reference, key).map(Secret::of);
    }

    @Override
    public Optional<SigningKey> signingKey(Text reference) {
        return follow(reference, "key").flatMap(content -> {
            try {
                return Optional.of(SigningKeys.read(content));
            } catch (IllegalArgumentException e) {
                findings.at(
                        reference.at(), reference.value() + " is no private key that can be used: " + e.getMessage());
                return Optional.empty();
            }
        });
    }

    @Override
    public Optional<String> jwks(Text reference) {
        return follow(reference, "jwks").flatMap(content -> {
            try {
                JwkSets.check(content);
                return Optional.of(content);
            } catch (IllegalArgumentException e) {
                findings.at(reference.at(), reference.value() + " is no JWK Set that can be used: " + e.getMessage());
                return Optional.empty();
            }
        });
    }

    /** What {@code reference} leads to, without the line end that editors put after it. */
    private Optional<String> follow(Text reference, String key) {
        if (!References.isWellFormed(reference, key, findings)) {
            return Optional.empty();
        }
        String value = reference.value();
        return value.startsWith("env:")
                ? variable(reference, value.substring("env:".length()))
                : file(reference, value.substring("file:".length()));
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
            footprint.note(file);
            if (!Files.isRegularFile(file)) {
                problem =
                        "does not exist or is no file: create it, or correct the path, which starts at the folder of this file";
            } else if (Files.size(file) > MAX_BYTES) {
                problem = "is larger than 1 MiB: is it the right file?";
            } else {
                String content = LINE_ENDS
                        .matcher(Files.readString(file, StandardCharsets.UTF_8))
                        .replaceFirst("");
                if (!content.isBlank()) {
                    return Optional.of(content);
                }
                problem = "is empty: write the key or secret into it";
            }
        } catch (IOException | InvalidPathException e) {
            problem = "cannot be read: check its permissions (" + e.getClass().getSimpleName() + ")";
        }
        findings.at(reference.at(), "file:" + path + " " + problem);
        return Optional.empty();
    }
}
