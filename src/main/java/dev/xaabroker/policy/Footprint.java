package dev.xaabroker.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that one load looked at, and how each stood then. It compares contents, not times: an editor's rename, a write
 * in place, a symlink that points elsewhere and a coarse or copied mtime are all the same to it (ADR 9).
 */
final class Footprint {

    /** More than any file that loads; of a larger one only the size is looked at. */
    private static final long MAX_BYTES = 128L * 1024 * 1024;

    private final Map<Path, String> then = new LinkedHashMap<>();

    /** Remembers how a file or folder stands, present or not; to be called before it is read. */
    void note(Path path) {
        then.computeIfAbsent(path.toAbsolutePath(), Footprint::look);
    }

    /** How everything stood when the load looked at it. */
    Map<Path, String> then() {
        return Map.copyOf(then);
    }

    /** How the same files stand now. */
    Map<Path, String> now() {
        Map<Path, String> now = new LinkedHashMap<>();
        then.keySet().forEach(path -> now.put(path, look(path)));
        return now;
    }

    private static String look(Path path) {
        try {
            if (Files.isDirectory(path)) {
                return "folder " + names(path);
            }
            if (!Files.exists(path)) {
                return "absent";
            }
            if (!Files.isRegularFile(path)) {
                return "no file"; // never opened: a pipe would hold the watch for ever
            }
            long size = Files.size(path);
            return size > MAX_BYTES ? "too large " + size : "file " + hash(path);
        } catch (NoSuchFileException gone) {
            return "absent";
        } catch (IOException unreadable) {
            return "unreadable " + unreadable.getClass().getSimpleName();
        }
    }

    /** Without names that start with a dot: editors' drafts, and what Kubernetes puts beside a ConfigMap's files. */
    private static List<String> names(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        }
        names.removeIf(name -> name.startsWith("."));
        Collections.sort(names);
        return names;
    }

    private static String hash(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[64 * 1024];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
