package dev.xaabroker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code xaa vault make-current}: which key of a key file is sealed with. */
@Command(
        name = "make-current",
        description = "Have brokers seal under another key of the file. Every broker must know that key already.")
final class MakeCurrentCommand extends PrintingCommand {

    @Parameters(paramLabel = "ID", description = "A key of the file.")
    String id;

    @Mixin
    KeyFileOption keyFile;

    @Override
    public Integer call() {
        keyFile.edit(file -> {
            file.makeCurrent(id);
            return id;
        });
        if (json) {
            print(object().put("current", id));
        } else {
            out().println("key " + id + " is current in " + keyFile.file);
            out().println("next: bring the file to every broker, then run: xaa vault rotate --broker URL");
        }
        return Xaa.FINE;
    }
}
