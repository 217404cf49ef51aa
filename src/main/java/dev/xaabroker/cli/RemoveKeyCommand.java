package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code xaa vault remove-key}: one key less in a key file. */
@Command(
        name = "remove-key",
        description = "Take a key out of a key file, once a running broker finds no record that needs it.")
final class RemoveKeyCommand extends PrintingCommand {

    @Parameters(paramLabel = "ID", description = "A key of the file that is not current.")
    String id;

    @Mixin
    KeyFileOption keyFile;

    @Mixin
    BrokerOption broker;

    @Override
    public Integer call() {
        JsonNode status = broker.admin().get("/admin/vault").json();
        if (!mayGo(status)) {
            throw new Stopped(
                    "key " + id + " may not go: it is current at the broker, records need it, or the broker does"
                            + " not know it; see xaa vault status");
        }
        keyFile.edit(file -> {
            file.remove(id);
            return id;
        });
        if (json) {
            print(object().put("removed", id));
        } else {
            out().println("removed key " + id + " from " + keyFile.file);
            out().println("next: bring the file to every broker; a backup of the database needs the old file");
        }
        return Xaa.FINE;
    }

    private boolean mayGo(JsonNode status) {
        return StreamSupport.stream(status.path("keys").spliterator(), false)
                .anyMatch(key -> key.path("id").asText().equals(id)
                        && key.path("removable").asBoolean());
    }
}
