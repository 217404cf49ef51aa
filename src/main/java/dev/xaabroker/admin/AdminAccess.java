package dev.xaabroker.admin;

import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.keys.KeysConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** How one gets into the admin face of this broker. Decided once, at start. */
@ApplicationScoped
class AdminAccess {

    /** The one way in. */
    sealed interface Way {

        /** With an access token of the enterprise IdP for {@code audience}. */
        record EnterpriseIdp(String issuer, String audience) implements Way {}

        /** With the token in a file of this machine, from this machine. */
        record Local(LocalToken token) implements Way {}

        /** Not at all. {@code todo} says what opens it. */
        record Closed(String todo) implements Way {}
    }

    private static final Logger LOG = Logger.getLogger(AdminAccess.class);
    private static final String CONFIGURE =
            "set xaa.admin.issuer to the enterprise IdP and xaa.admin.audience to the audience of its access tokens for the"
                    + " admin face, and restart";

    private final AdminConfig config;
    private final String databaseUrl;
    private final Path tokenFile;
    private volatile Way way = new Way.Closed("the broker is starting; try again.");

    AdminAccess(
            AdminConfig config,
            KeyRing keys,
            KeysConfig keysConfig,
            @ConfigProperty(name = "quarkus.datasource.jdbc.url") String databaseUrl) {
        this.config = config;
        this.databaseUrl = databaseUrl;
        Path keyFile = keys.path().orElseGet(keysConfig::embeddedFile).toAbsolutePath();
        this.tokenFile = config.localTokenFile().orElseGet(() -> keyFile.resolveSibling("admin.token"));
    }

    Way way() {
        return way;
    }

    /**
     * Chooses.
     *
     * @throws IllegalStateException when half of it is configured, or the local token is open to others
     */
    void choose(@Observes StartupEvent event) {
        way = config.issuer().isPresent() || config.audience().isPresent()
                ? enterpriseIdp()
                : isEmbedded() ? local() : new Way.Closed("to open the admin face, " + CONFIGURE + ".");
        switch (way) {
            case Way.EnterpriseIdp(String issuer, String audience) ->
                LOG.infof("The admin face takes access tokens issuer=%s audience=%s", issuer, audience);
            case Way.Local(LocalToken token) ->
                LOG.infof("The admin face takes the local token, from this machine only file=%s", token.file());
            case Way.Closed(String todo) -> LOG.infof("The admin face is closed; %s", todo);
        }
    }

    private Way enterpriseIdp() {
        String issuer = required(config.issuer(), "xaa.admin.issuer");
        String audience = required(config.audience(), "xaa.admin.audience");
        AdminTokens.checkIssuer(issuer, config.allowHttpOnLoopback());
        AdminTokens.checkType(config.tokenType());
        return new Way.EnterpriseIdp(issuer, audience);
    }

    private static String required(Optional<String> value, String key) {
        return value.filter(text -> !text.isBlank())
                .orElseThrow(() -> new IllegalStateException(
                        key + " is missing: xaa.admin.issuer and xaa.admin.audience belong together."));
    }

    /** H2, by our own URL or by the operator's: one node, whose machine is the operator's own. */
    private boolean isEmbedded() {
        return databaseUrl.startsWith("jdbc:xaa-embedded:") || databaseUrl.startsWith("jdbc:h2:");
    }

    /** A folder that cannot be written (a mounted Secret) closes the face; it does not stop the broker. */
    private Way local() {
        try {
            return new Way.Local(LocalToken.readOrCreate(tokenFile));
        } catch (IOException failure) {
            LOG.warnf(
                    "The local token of the admin face can be neither read nor made file=%s error=%s",
                    tokenFile, failure.getClass().getSimpleName());
            return new Way.Closed(
                    "its local token can be neither read nor made: name a place for it that the broker may"
                            + " write to with xaa.admin.local-token-file, or " + CONFIGURE + ".");
        }
    }
}
