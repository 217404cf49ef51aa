package dev.xaabroker.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The token that opens the admin face of an embedded broker to whoever may read its file: the operator, on the same
 * machine. 256 random bits, made at the first start; delete the file and restart for a new one.
 */
final class LocalToken {

    private static final String PREFIX = "xaa_admin_";
    private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");
    private static final int BYTES = 32;
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path file;
    private final byte[] token;

    private LocalToken(Path file, String token) {
        this.file = file;
        this.token = token.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The token in {@code file}, which is made when it is not there.
     *
     * @throws IllegalStateException when others may read the file, or it holds no token; the text says what to do
     */
    static LocalToken readOrCreate(Path file) throws IOException {
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            create(file);
        }
        checkMode(file);
        String token = Files.readString(file).strip();
        if (!FORM.matcher(token).matches()) {
            throw new IllegalStateException("the admin token file " + file
                    + " does not hold a token of this broker: delete it and start again, and a new one is made.");
        }
        return new LocalToken(file, token);
    }

    Path file() {
        return file;
    }

    /** Whether {@code presented} is the token. Takes as long for a near miss as for a far one. */
    boolean matches(String presented) {
        return MessageDigest.isEqual(token, presented.getBytes(StandardCharsets.UTF_8));
    }

    private static void create(Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder, mode(file, "rwx------"));
        }
        try {
            Files.createFile(file, mode(file, "rw-------"));
            Files.writeString(file, token + "\n");
        } catch (FileAlreadyExistsException another) {
            // Made by another broker meanwhile: it is read and checked like any other.
        }
    }

    private static void checkMode(Path file) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            return;
        }
        if (!view.readAttributes().isRegularFile()) {
            throw new IllegalStateException(
                    "the admin token file " + file + " is not a regular file: remove it and start again.");
        }
        if (!OWNER.containsAll(view.readAttributes().permissions())) {
            throw new IllegalStateException("the admin token file " + file
                    + " is open to others: delete it, since they may have read it, and start again.");
        }
    }

    private static FileAttribute<?>[] mode(Path near, String mode) {
        return near.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    @Override
    public String toString() {
        return "LocalToken[" + file + "]";
    }
}
