package dev.xaabroker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code xaa policy}: everything about the managed-connections file. */
@Command(
        name = "policy",
        description = "Check, test, explain and compare managed-connections files.",
        subcommands = {
            LintCommand.class,
            TestCommand.class,
            ExplainCommand.class,
            DiffCommand.class,
            MatrixCommand.class,
            HistoryCommand.class,
            SuggestCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
final class PolicyCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;
}
