package dev.xaabroker.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The texts that make up one policy.
 *
 * @param name how to call the whole in findings
 * @param directory where relative references start
 * @param files at least one, sorted by name
 */
record PolicySources(String name, Path directory, List<Source> files) {

    private static final int MAX_BYTES = 32 * 1024 * 1024;
    private static final int ATTEMPTS = 3;

    /** @param name how to call it in findings */
    record Source(String name, String text) {}

    /**
     * @param footprint takes note of everything before it is read
     * @throws PolicyInvalid when there is nothing there, or it cannot be read
     */
    static PolicySources at(Path path, Footprint footprint) {
        footprint.note(path);
        if (Files.isDirectory(path)) {
            return directory(path, footprint);
        }
        Path parent = path.toAbsolutePath().getParent();
        String name = path.toString();
        return new PolicySources(
                name, parent == null ? Path.of("/") : parent, List.of(new Source(name, text(path, MAX_BYTES))));
    }

    /**
     * Reads until nothing has changed meanwhile: half of an old policy and half of a new one are no policy that anybody
     * wrote. A Kubernetes ConfigMap changes all its files at once by exchanging one symbolic link.
     */
    private static PolicySources directory(Path path, Footprint footprint) {
        PolicyInvalid last =
                invalid(path, "its files change while they are read: wait until they are at rest, and read them again");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                List<Seen> before = list(path);
                List<Source> sources = texts(before, footprint);
                if (list(path).equals(before)) {
                    return new PolicySources(path.toString(), path, sources);
                }
            } catch (PolicyInvalid gone) {
                last = gone; // for good, or because it was being exchanged
            }
        }
        throw last;
    }

    private static List<Source> texts(List<Seen> files, Footprint footprint) {
        List<Source> sources = new ArrayList<>();
        int left = MAX_BYTES;
        for (Seen seen : files) {
            footprint.note(seen.file());
            String text = text(seen.file(), left);
            left -= Math.min(left, text.length());
            sources.add(new Source(seen.file().toString(), text));
        }
        return sources;
    }

    /** One file as it was at one moment. */
    private record Seen(Path file, Path real, FileTime modified, long size) {}

    private static List<Seen> list(Path directory) {
        List<Seen> seen = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path file :
                    entries.filter(PolicySources::isPolicyFile).sorted().toList()) {
                look(file).ifPresent(seen::add);
            }
        } catch (IOException e) {
            throw invalid(directory, "cannot be listed: check its permissions");
        }
        if (seen.isEmpty()) {
            throw invalid(directory, "holds no file that ends in .yaml or .yml: put the policy there");
        }
        return seen;
    }

    /** A name that is left out in silence could be one that denies, so only what nobody means is left out. */
    private static boolean isPolicyFile(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml"));
    }

    private static Optional<Seen> look(Path file) {
        try {
            if (Files.isDirectory(file)) {
                return Optional.empty();
            }
            return Optional.of(new Seen(file, file.toRealPath(), Files.getLastModifiedTime(file), Files.size(file)));
        } catch (IOException e) {
            throw invalid(file, "leads to no file: mend the link, or remove it");
        }
    }

    /** The whole of a file; also of a pipe, which has no size beforehand. */
    private static String text(Path file, int atMost) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(atMost + 1);
            if (bytes.length > atMost) {
                throw invalid(file, "more than 32 MiB of policy: is this the right path?");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException e) {
            throw invalid(file, "there is no such file or directory: create it, or correct the path");
        } catch (CharacterCodingException e) {
            throw invalid(file, "this is not UTF-8 text: save it as UTF-8");
        } catch (IOException e) {
            throw invalid(
                    file,
                    "cannot be read: check its permissions (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static PolicyInvalid invalid(Path file, String message) {
        return new PolicyInvalid(List.of(new Finding(file.toString(), 1, 1, message)));
    }
}
