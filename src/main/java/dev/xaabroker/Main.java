package dev.xaabroker;

import dev.xaabroker.cli.Xaa;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The way in: with arguments the {@code xaa} command, without any the broker (ADR 10). */
@QuarkusMain
public final class Main {

    private Main() {}

    /** Nothing of the server is touched when a command runs: no configuration, database, Redis or port. */
    public static void main(String... arguments) {
        if (arguments.length == 0) {
            Quarkus.run(arguments);
        } else {
            System.exit(Xaa.run(arguments));
        }
    }
}
