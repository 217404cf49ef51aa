package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.broker.Doctor;
import dev.xaabroker.broker.Doctor.Examined;
import dev.xaabroker.broker.Patients;
import dev.xaabroker.grant.Check;
import dev.xaabroker.grant.Check.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code xaa doctor}: what stands in the way of connects, and what to do about it. */
@Command(
        name = "doctor",
        description = {
            "Look at everything that connects need, and print the fix for each fault: the file and its secrets, each"
                    + " identity provider, each server; without FILE the broker that is configured here, too: its"
                    + " settings, keys, database and Redis.",
            "Nothing is changed, and no user's token is used: what is presented to a token endpoint is made up."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all is well", "1:there are faults", "2:wrong usage, or there is no file"})
final class DoctorCommand extends PrintingCommand {

    private static final String INDENT = "  ";

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "A managed-connections file, or a folder of them, to look at by itself. Without it the"
                    + " broker's configuration is read as a broker here would read it, with xaa.policy.file.")
    @Nullable
    Path file;

    @Option(names = "--idp", split = ",", paramLabel = "NAME", description = "Look at this identity provider.")
    Set<String> identityProviders = Set.of();

    @Option(names = "--server", split = ",", paramLabel = "NAME", description = "Look at this server.")
    Set<String> servers = Set.of();

    @Option(
            names = "--connection",
            split = ",",
            paramLabel = "ID",
            description = "Look at the servers of this connection, and at the identity providers of its clients.")
    Set<String> connections = Set.of();

    @Option(names = "--offline", description = "Ask nobody: look at the file, the settings and the keys.")
    boolean offline;

    @Option(
            names = "--allow-http-on-loopback",
            description = "With FILE: open loopback, and plain http on it, as a development broker does.")
    boolean development;

    @Option(names = "--strict", description = "Let warnings count as faults for the exit code.")
    boolean strict;

    @Option(
            names = "--within",
            paramLabel = "TIME",
            description = "Give up what is not answered by then; ${DEFAULT-VALUE} by default.",
            defaultValue = "30s")
    Duration within = Duration.ofSeconds(30);

    @Override
    public Integer call() {
        List<Examined> all;
        try {
            all = Doctor.examine(new Doctor.Wish(
                    Optional.ofNullable(file),
                    development,
                    new Patients(identityProviders, servers, connections),
                    offline,
                    within));
        } catch (IllegalArgumentException unusable) {
            throw wrongUsage(String.valueOf(unusable.getMessage()));
        }
        if (json) {
            print(inJson(all));
        } else {
            tell(all);
        }
        boolean well = count(all, Verdict.FAULT) == 0 && (!strict || count(all, Verdict.WARNING) == 0);
        return well ? Xaa.FINE : Xaa.FINDINGS;
    }

    private static long count(List<Examined> all, Verdict verdict) {
        return all.stream()
                .flatMap(one -> one.checks().stream())
                .filter(check -> check.verdict() == verdict)
                .count();
    }

    private void tell(List<Examined> all) {
        for (Examined one : all) {
            out().println(AdminFace.printable(one.name()));
            List<List<String>> rows = new ArrayList<>();
            one.checks()
                    .forEach(check -> rows.add(List.of(
                            INDENT + word(check.verdict()),
                            AdminFace.printable(check.name()),
                            AdminFace.printable(check.found()))));
            List<String> lines = Tables.aligned(rows);
            for (int i = 0; i < lines.size(); i++) {
                out().println(lines.get(i));
                String fix = one.checks().get(i).fix();
                if (!fix.isEmpty()) {
                    out().println(INDENT.repeat(3) + "fix: " + AdminFace.printable(fix));
                }
            }
        }
        out().println();
        out().println(summary(all));
    }

    private static String summary(List<Examined> all) {
        long faults = count(all, Verdict.FAULT);
        long warnings = count(all, Verdict.WARNING);
        return (faults == 0 ? "no fault" : faults == 1 ? "1 FAULT" : faults + " FAULTS")
                + (warnings == 0 ? "" : warnings == 1 ? ", 1 warning" : ", " + warnings + " warnings")
                + ", " + count(all, Verdict.OK) + " ok"
                + (count(all, Verdict.SKIPPED) == 0 ? "" : ", " + count(all, Verdict.SKIPPED) + " not looked at");
    }

    /** As tall as it is bad. */
    private static String word(Verdict verdict) {
        return switch (verdict) {
            case FAULT -> "FAULT";
            case OK, WARNING, SKIPPED -> verdict.name().toLowerCase(Locale.ROOT);
        };
    }

    private static ObjectNode inJson(List<Examined> all) {
        ObjectNode answer = object();
        answer.put("faults", count(all, Verdict.FAULT)).put("warnings", count(all, Verdict.WARNING));
        ArrayNode checks = answer.putArray("checks");
        for (Examined one : all) {
            for (Check check : one.checks()) {
                ObjectNode node = checks.addObject()
                        .put("of", one.name())
                        .put("check", check.name())
                        .put("verdict", check.verdict().name().toLowerCase(Locale.ROOT))
                        .put("found", check.found());
                if (!check.fix().isEmpty()) {
                    node.put("fix", check.fix());
                }
            }
        }
        return answer;
    }
}
