package dev.xaabroker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code xaa prove}: what is promised, measured on a running broker. */
@Command(
        name = "prove",
        description = "Measure on a running broker what its documents promise.",
        subcommands = ProveRevocationCommand.class,
        synopsisSubcommandLabel = "COMMAND")
final class ProveCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;
}
