package dev.xaabroker.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A policy file as Kubernetes mounts a ConfigMap: the file is a link into {@code ..data}, which is a link to a folder, and
 * an update makes {@code ..data} lead to another one.
 */
final class MountedPolicy {

    private final Path file;
    private int volumes;

    /** Turns {@code file} into a mounted one of the same content. */
    MountedPolicy(Path file) throws IOException {
        this.file = file;
        swap(Files.readString(file));
        Path link = Files.createSymbolicLink(
                file.resolveSibling(".link"), Path.of("..data").resolve(file.getFileName()));
        Files.move(link, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** As the kubelet does. */
    void swap(String content) throws IOException {
        String name = "..volume-" + ++volumes;
        Path volume = Files.createDirectory(file.resolveSibling(name));
        Files.writeString(volume.resolve(file.getFileName()), content);
        Path link = Files.createSymbolicLink(file.resolveSibling("..data_tmp"), Path.of(name));
        Files.move(link, file.resolveSibling("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** As an editor that saves without a draft, or {@code cp}. */
    void writeInPlace(String content) throws IOException {
        Files.writeString(file, content);
    }

    /** As most editors and {@code mv} do. */
    void rename(String content) throws IOException {
        Path draft = Files.writeString(file.resolveSibling(".draft"), content);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
