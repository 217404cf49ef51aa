package dev.xaabroker.cli;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which running broker to ask over its admin face, and by which right. */
final class BrokerOption {

    private static final String TOKEN_VARIABLE = "XAA_ADMIN_TOKEN";

    @Option(names = "--broker", paramLabel = "URL", description = "Ask the running broker at this URL.")
    @Nullable
    URI url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "The bearer token for the admin face: an access token of your identity provider, or the file"
                    + " admin.token of an embedded broker. Without it the environment variable " + TOKEN_VARIABLE
                    + " is read.")
    @Nullable
    Path tokenFile;

    boolean isGiven() {
        return url != null;
    }

    /**
     * The admin face of the broker that was named.
     *
     * @throws Stopped when there is no token
     */
    AdminFace admin() {
        if (url == null) {
            throw new Stopped("name the broker with --broker URL");
        }
        return admin(url, tokenFile);
    }

    /**
     * The admin face of {@code url}.
     *
     * @throws Stopped when there is no token
     */
    static AdminFace admin(URI url, @Nullable Path tokenFile) {
        return new AdminFace(
                Http.to(url),
                Secrets.fromFileOrEnvironment(
                        tokenFile, TOKEN_VARIABLE, "the admin face needs a token: give --token-file FILE"));
    }
}
