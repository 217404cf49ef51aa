package dev.xaabroker.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** A key file on disk: never readable by others, never half written. */
final class KeyFile {

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE,
            PosixFilePermission.GROUP_WRITE);

    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private KeyFile() {}

    /**
     * Reads a key file. Its group may read it, because that is how Kubernetes mounts a Secret for a non-root user.
     *
     * @throws IllegalStateException with one sentence that says what to do
     */
    static String read(Path file) {
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (view != null) {
                Set<PosixFilePermission> open = EnumSet.copyOf(OTHERS);
                open.retainAll(view.readAttributes().permissions());
                if (!open.isEmpty()) {
                    throw new IllegalStateException(
                            "the key file " + file + " is open to others: run chmod 600 " + file + " and start again.");
                }
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the key file " + file + " cannot be read: does it exist, and is it ours?", e);
        }
    }

    /** Writes {@code content} to a new file, 0600 in a folder 0700; returns false when somebody else was first. */
    static boolean create(Path file, String content) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalStateException("the key file " + file + " is not in a folder");
        }
        try {
            Files.createDirectories(folder, mode(folder, "rwx------"));
            Path draft = Files.createTempFile(folder, ".keys", ".new", mode(folder, "rw-------"));
            try {
                writeDurably(draft, content);
                return publish(draft, file);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the key file " + file + " cannot be created", e);
        }
    }

    /**
     * Puts {@code content} in the place of a file in one step, unless it holds something else than {@code before} by now.
     * Owner, group and mode stay, or the broker that reads it would be locked out; a symbolic link stays, too.
     */
    static void replace(Path link, String before, String content) {
        try {
            Path file = link.toRealPath();
            Path draft = Files.createTempFile(file.getParent(), ".keys", ".new", mode(file, "rw-------"));
            try {
                keepRights(file, draft);
                writeDurably(draft, content);
                if (!read(file).equals(before)) {
                    throw new IllegalStateException("the key file " + link + " was changed meanwhile: try again");
                }
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the key file " + link + " cannot be replaced ("
                            + e.getClass().getSimpleName()
                            + "): run this as its owner, where its folder can be written",
                    e);
        }
    }

    /** The draft is never readable by more than the file was. */
    private static void keepRights(Path file, Path draft) throws IOException {
        PosixFileAttributeView from = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        PosixFileAttributeView to = Files.getFileAttributeView(draft, PosixFileAttributeView.class);
        if (from == null || to == null) {
            return;
        }
        if (!to.readAttributes().group().equals(from.readAttributes().group())) {
            to.setGroup(from.readAttributes().group());
        }
        if (!to.getOwner().equals(from.getOwner())) {
            to.setOwner(from.getOwner());
        }
        Set<PosixFilePermission> mode = EnumSet.copyOf(OWNER);
        if (from.readAttributes().permissions().contains(PosixFilePermission.GROUP_READ)) {
            mode.add(PosixFilePermission.GROUP_READ);
        }
        to.setPermissions(mode);
    }

    private static void writeDurably(Path file, String content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** A link, unlike a move, never replaces a file: replacing a key would lose all that was sealed with it. */
    private static boolean publish(Path draft, Path file) throws IOException {
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException | FileSystemException e) {
            if (Files.exists(file)) {
                return false;
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return true;
    }

    private static FileAttribute<?>[] mode(Path near, String mode) {
        return near.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }
}
