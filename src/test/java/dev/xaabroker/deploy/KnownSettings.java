package dev.xaabroker.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;

/** Every setting that a running broker reads: its own mappings, and what the Quarkus extensions here say of themselves. */
final class KnownSettings {

    /** What application.properties sets itself; some of it is in no mapping. */
    private final Properties given = new Properties();

    private final Set<Class<?>> mappings = new HashSet<>();
    private final Set<Pattern> ofExtensions = new HashSet<>();
    private final Set<String> variables = new HashSet<>();

    KnownSettings() {
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.xaabroker")) {
            if (type.isAnnotatedWith(ConfigMapping.class)) {
                Class<?> mapping = type.reflect();
                mappings.add(mapping);
                ConfigMappings.getProperties(ConfigClass.configClass(mapping))
                        .keySet()
                        .forEach(this::addVariable);
            }
        }
        try {
            for (URL model : Collections.list(getClass()
                    .getClassLoader()
                    .getResources("META-INF/quarkus-config-doc/quarkus-config-model.json"))) {
                try (InputStream in = model.openStream()) {
                    collect(new ObjectMapper().readTree(in));
                }
            }
            try (InputStream in =
                    Objects.requireNonNull(getClass().getClassLoader().getResourceAsStream("application.properties"))) {
                given.load(in);
                given.stringPropertyNames().forEach(this::addVariable);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void addVariable(String setting) {
        variables.add(setting.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT));
    }

    private void collect(JsonNode node) {
        if (node.path("phase").asText().equals("RUN_TIME")) {
            add(node.path("path"));
            node.path("additionalPaths").forEach(this::add);
        }
        node.forEach(this::collect);
    }

    /** What stands in quotes in a path, {@code quarkus.tls."tls-bucket-name".trust-store}, is any name. */
    private void add(JsonNode path) {
        StringBuilder regex = new StringBuilder();
        String[] parts = path.path("property").asText().split("\"", -1);
        for (int i = 0; i < parts.length; i++) {
            regex.append(i % 2 == 0 ? Pattern.quote(parts[i]) : "(\"[^\"]+\"|[^.\"]+)");
        }
        ofExtensions.add(Pattern.compile(regex.toString()));
        variables.add(path.path("environmentVariable").asText());
    }

    /** Fails, naming them, when there are settings in {@code properties} that the broker would not read. */
    void check(String properties) {
        Properties all = new Properties();
        try {
            all.load(new StringReader(properties));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> ours = new HashMap<>();
        for (String name : all.stringPropertyNames()) {
            if (name.startsWith("xaa.")) {
                ours.put(name, all.getProperty(name));
            } else if (ofExtensions.stream()
                    .noneMatch(known -> known.matcher(name).matches())) {
                throw new IllegalArgumentException("no extension reads " + name + " at run time");
            }
        }
        ours.keySet().removeAll(given.stringPropertyNames());
        SmallRyeConfigBuilder config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withDefaultValue("user.home", "/")
                .withSources(new PropertiesConfigSource(ours, "chart", 100));
        mappings.forEach(config::withMapping);
        config.build();
    }

    /** Whether {@code name} is the environment variable of a setting that is read at run time. */
    boolean isVariable(String name) {
        return variables.contains(name);
    }
}
