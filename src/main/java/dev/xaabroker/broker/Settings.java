package dev.xaabroker.broker;

import dev.xaabroker.grant.Secret;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.session.StoreAddress;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.DotEnvConfigSourceProvider;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * The broker's own configuration, as a command finds it where a broker would: system properties, the environment,
 * {@code .env}, {@code config/application.properties}. Nothing is started by reading it.
 */
public final class Settings {

    /** As Quarkus ranks it: below {@code .env}, the environment and system properties. */
    private static final int FILE_ORDINAL = 260;

    private final SmallRyeConfig config;

    private Settings(SmallRyeConfig config) {
        this.config = config;
    }

    /** What a broker would be told that started here and now. */
    public static Settings here() {
        // Lines of the broker's application.properties, which a native binary does not carry with it.
        Map<String, String> defaults = Map.of(
                "xaa.embedded.folder", "${user.home}/.xaa-broker/data",
                "xaa.keys.embedded-file", "${user.home}/.xaa-broker/keys.json",
                "quarkus.datasource.jdbc.url", "jdbc:xaa-embedded:${xaa.embedded.folder}");
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addSystemSources()
                .withSources(DotEnvConfigSourceProvider.dotEnvSources(
                        Thread.currentThread().getContextClassLoader()))
                .withProfile(profile())
                .withDefaultValues(defaults);
        file().ifPresent(builder::withSources);
        return new Settings(builder.build());
    }

    private static String profile() {
        String environment =
                Optional.ofNullable(System.getenv("QUARKUS_PROFILE")).orElse("prod");
        return System.getProperty("quarkus.profile", environment);
    }

    private static Optional<ConfigSource> file() {
        Path file = Path.of("config", "application.properties");
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(new PropertiesConfigSource(file.toUri().toURL(), FILE_ORDINAL))
                    : Optional.empty();
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: check its permissions");
        }
    }

    Optional<String> text(String name) {
        return config.getOptionalValue(name, String.class).filter(value -> !value.isBlank());
    }

    private boolean flag(String name) {
        return text(name)
                .filter(value -> value.strip().equalsIgnoreCase("true"))
                .isPresent();
    }

    private Optional<Path> path(String name) {
        return text(name).map(Path::of);
    }

    /** {@code xaa.policy.file}. */
    public Optional<Path> policyFile() {
        return path("xaa.policy.file");
    }

    Optional<String> issuer() {
        return text("xaa.oauth.issuer");
    }

    boolean development() {
        return flag("xaa.outbound.development");
    }

    boolean httpOnLoopback() {
        return development() || flag("xaa.policy.allow-http-on-loopback");
    }

    Optional<Path> trustCertificates() {
        return path("xaa.outbound.trust-certificates");
    }

    Duration clockSkew() {
        return text("xaa.keys.clock-skew").map(DurationConverter::parseDuration).orElse(Duration.ofSeconds(30));
    }

    /** The key file that a broker would read; absent when it gets its keys as {@code xaa.keys.json}. */
    Optional<Path> keyFile() {
        return text("xaa.keys.json").isPresent()
                ? Optional.empty()
                : path("xaa.keys.file").or(() -> path("xaa.keys.embedded-file"));
    }

    /** Whether a first start would make the key file. */
    boolean makesKeyFile() {
        return text("xaa.keys.json").isEmpty() && text("xaa.keys.file").isEmpty();
    }

    /**
     * The broker's key ring.
     *
     * @throws IllegalArgumentException when it is not one; the text holds no key
     * @throws IllegalStateException when there is none, or it is open to others
     */
    public KeyRing keyRing() {
        if (text("xaa.keys.json").isPresent() && text("xaa.keys.file").isPresent()) {
            throw new IllegalArgumentException("xaa.keys.file and xaa.keys.json are both set: keep one of them.");
        }
        return keyFile()
                .map(KeyRing::read)
                .orElseGet(() -> KeyRing.of(text("xaa.keys.json").orElse("")));
    }

    StoreAddress store() {
        return new StoreAddress(
                text("quarkus.datasource.jdbc.url").orElse(""),
                text("quarkus.datasource.username"),
                text("quarkus.datasource.password").map(Secret::of));
    }

    /** The broker's database, a connection of its own each time. */
    public DataSource database() {
        return store().dataSource();
    }

    /** Where that is, without any secret. */
    public String databasePlace() {
        return store().place();
    }

    Optional<String> redis() {
        return text("quarkus.redis.hosts").map(hosts -> hosts.split(",", 2)[0].strip());
    }

    Optional<Secret> redisPassword() {
        return text("quarkus.redis.password").map(Secret::of);
    }
}
