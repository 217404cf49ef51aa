package dev.xaabroker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code xaa session}: the sessions of a running broker. */
@Command(
        name = "session",
        description = "List, show and end the sessions of a running broker.",
        subcommands = {SessionListCommand.class, SessionShowCommand.class, SessionEndCommand.class},
        synopsisSubcommandLabel = "COMMAND")
final class SessionCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;
}
