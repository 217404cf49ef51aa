package dev.xaabroker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code xaa vault}: the keys that stored secrets are sealed under. */
@Command(
        name = "vault",
        description = {
            "Rotate the keys that stored tokens are sealed under, without downtime:",
            "new-key, bring the file to every broker, make-current, bring it again, rotate, status, remove-key."
        },
        subcommands = {
            VaultStatusCommand.class,
            NewRingCommand.class,
            NewKeyCommand.class,
            MakeCurrentCommand.class,
            RotateCommand.class,
            RemoveKeyCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
final class VaultCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;
}
