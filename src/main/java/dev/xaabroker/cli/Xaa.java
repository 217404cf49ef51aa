package dev.xaabroker.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command itself, and what all of its commands have in common. */
@Command(
        name = "xaa",
        description = "Cross-App Access for MCP: look after managed connections, sessions and keys, and try connects.",
        subcommands = {
            PolicyCommand.class,
            SessionCommand.class,
            KillCommand.class,
            ReopenCommand.class,
            KillsCommand.class,
            VaultCommand.class,
            ConnectCommand.class,
            DoctorCommand.class,
            LedgerCommand.class,
            ProveCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Without arguments the same program runs the broker."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:fine", "1:findings, a denial, or differences", "2:wrong usage, or something cannot be read"})
public final class Xaa {

    /** Nothing to report. */
    static final int FINE = 0;

    /** Findings, a denial or differences: what a pipeline stops at. */
    static final int FINDINGS = 1;

    /** Wrong usage, or something that is needed cannot be read or reached. */
    static final int UNUSABLE = 2;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    Xaa() {}

    /** Runs one command and says with which code to exit. */
    public static int run(String... arguments) {
        // What libraries have to say would wait for a configuration that never comes, and spill at the exit.
        Logger.getLogger("").setLevel(Level.OFF);
        return run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments);
    }

    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine line = new CommandLine(new Xaa());
        line.setOut(out);
        line.setErr(err);
        Converters.register(line);
        line.setUsageHelpWidth(100);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("xaa: " + Stopped.words(failure));
            return UNUSABLE;
        });
        int code = line.execute(arguments);
        out.flush();
        err.flush();
        return code;
    }
}
