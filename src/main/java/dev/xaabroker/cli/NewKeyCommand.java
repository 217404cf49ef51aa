package dev.xaabroker.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code xaa vault new-key}: one more key in a key file. */
@Command(name = "new-key", description = "Add a random key to a key file. Nothing is sealed under it yet.")
final class NewKeyCommand extends PrintingCommand {

    @Mixin
    KeyFileOption keyFile;

    @Option(names = "--id", paramLabel = "ID", description = "Its id; k2, k3, ... by default.")
    @Nullable
    String id;

    @Override
    public Integer call() {
        String added = keyFile.edit(file -> file.add(Optional.ofNullable(id)));
        if (json) {
            print(object().put("added", added));
        } else {
            out().println("added key " + added + " to " + keyFile.file + "; it is not current yet");
            out().println("next: bring the file to every broker, then run: xaa vault make-current " + added + " --file "
                    + keyFile.file);
        }
        return Xaa.FINE;
    }
}
