package dev.xaabroker.cli;

import dev.xaabroker.policy.Policy;
import dev.xaabroker.policy.PolicyReader;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** How commands read policy files: as they are written, without the secrets that they refer to. */
final class PolicyFiles {

    @Option(
            names = "--allow-http-on-loopback",
            description = "Accept plain http on loopback in the file, as a development broker does.")
    boolean httpOnLoopback;

    /**
     * Reads a file or a folder of files.
     *
     * @throws Stopped when there is none that can be read
     * @throws dev.xaabroker.policy.PolicyInvalid when anything is wrong in it
     */
    Policy read(Path file) {
        if (!Files.isReadable(file)) {
            throw new Stopped(file + ": there is no such file, or it may not be read");
        }
        return PolicyReader.reviewing(httpOnLoopback).read(file);
    }
}
