package dev.xaabroker.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a connect proves which client it is. */
final class ClientProof {

    private static final String SECRET_VARIABLE = "XAA_CLIENT_SECRET";

    @Option(names = "--client-id", required = true, paramLabel = "ID", description = "The client's id at the broker.")
    String id;

    @Option(
            names = "--client-secret-file",
            paramLabel = "FILE",
            description = "Its secret, sent by HTTP Basic. Without any file the environment variable " + SECRET_VARIABLE
                    + " is read.")
    @Nullable
    Path secretFile;

    @Option(names = "--secret-in-form", description = "Send the secret as a form parameter (client_secret_post).")
    boolean inForm;

    @Option(
            names = "--client-key-file",
            paramLabel = "FILE",
            description = "Its private key, PEM or JWK, for private_key_jwt.")
    @Nullable
    Path keyFile;

    Connect.Proof secretOrKey() {
        if (keyFile != null) {
            return new Connect.Proof.Key(Secrets.fromFile(keyFile));
        }
        return new Connect.Proof.Password(
                Secrets.fromFileOrEnvironment(
                        secretFile,
                        SECRET_VARIABLE,
                        "the client must prove itself: give --client-secret-file or --client-key-file"),
                inForm);
    }
}
