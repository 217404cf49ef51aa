package dev.xaabroker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code xaa vault new-ring}: a key file for a new fleet. */
@Command(
        name = "new-ring",
        description = "Make a key file (0600), for every replica of a new broker. Never replaces one.")
final class NewRingCommand extends PrintingCommand {

    @Mixin
    KeyFileOption keyFile;

    @Override
    public Integer call() {
        keyFile.edit(file -> {
            file.create();
            return file;
        });
        if (json) {
            print(object().put("made", keyFile.file.toString()));
        } else {
            out().println("made " + keyFile.file);
            out().println(
                            "next: keep a copy apart from the database's backups, and give it to every replica: xaa.keys.file");
        }
        return Xaa.FINE;
    }
}
