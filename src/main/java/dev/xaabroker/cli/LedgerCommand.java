package dev.xaabroker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code xaa ledger}: what the ledger says, and whether it is whole. */
@Command(
        name = "ledger",
        description = "Prove that the ledger is whole, and take it elsewhere.",
        subcommands = {LedgerVerifyCommand.class, LedgerExportCommand.class},
        synopsisSubcommandLabel = "COMMAND")
final class LedgerCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;
}
