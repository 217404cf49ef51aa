package dev.xaabroker.deploy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The chart in {@code helm/}, rendered by Helm itself. */
final class Chart {

    static final Path FOLDER = Path.of("helm");

    /** The oldest that the chart takes. */
    static final String KUBERNETES = "1.30.0";

    /** The library leaves hooks out of what it renders; the copy that is rendered here has none. */
    private static final String HOOK = "helm.sh/hook:";

    /** What the hooks are called in that copy. */
    static final String HOOK_HERE = "test.invalid/hook";

    private static final Path WITHOUT_HOOKS = withoutHooks();

    private Chart() {}

    private static Path withoutHooks() {
        try {
            Path copy = Files.createTempDirectory(Path.of("target"), "chart").resolve("xaa-broker");
            copyTo(copy);
            Path migration = copy.resolve("templates").resolve("migration.yaml");
            Files.writeString(migration, Files.readString(migration).replace(HOOK, HOOK_HERE + ":"));
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copyTo(Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(FOLDER.relativize(file).toString()));
            }
        }
    }

    /** The value sets that every test of all sets goes through. */
    static List<Path> valueSets() {
        try (Stream<Path> files = Files.list(FOLDER.resolve("ci"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path valueSet(String name) {
        return FOLDER.resolve("ci").resolve(name + ".yaml");
    }

    /** What Helm makes of a value set, and of single values over it, named as for {@code --set}. */
    static String text(Path values, Map<String, Object> single) {
        return text(WITHOUT_HOOKS, values, single);
    }

    private static String text(Path chart, Path values, Map<String, Object> single) {
        TemplateCommand command = new Helm(chart)
                .template()
                .withName("xaa")
                .withNamespace("identity")
                .withKubeVersion(KUBERNETES)
                .withValuesFile(values);
        single.forEach(command::set);
        return command.call();
    }

    static Objects render(String valueSet) {
        return render(valueSet, Map.of());
    }

    static Objects render(String valueSet, Map<String, Object> single) {
        return new Objects(StrictModel.read(text(valueSet(valueSet), single)));
    }

    /** A copy of the chart with other alerts. */
    static Objects renderWithAlerts(String valueSet, Path scratch, String alerts) throws IOException {
        Path copy = scratch.resolve("xaa-broker");
        copyTo(copy);
        Files.createDirectories(copy.resolve("files"));
        Files.writeString(copy.resolve("files").resolve("alerts.yaml"), alerts);
        return new Objects(StrictModel.read(text(copy, valueSet(valueSet), Map.of())));
    }

    /** Lints a copy of the chart whose defaults are those of {@code values}. */
    static LintResult lint(Path values, Path scratch) throws IOException {
        Path copy = scratch.resolve("xaa-broker");
        copyTo(copy);
        merge(FOLDER.resolve("values.yaml"), values, copy.resolve("values.yaml"));
        return new Helm(copy).lint().strict().call();
    }

    /** Writes {@code under} with what {@code over} says in its place to {@code file}. */
    static Path merge(Path under, Path over, Path file) throws IOException {
        Object merged = merged(read(under), read(over));
        return Files.writeString(file, new Dump(DumpSettings.builder().build()).dumpToString(merged));
    }

    static Object read(Path yaml) throws IOException {
        return new Load(LoadSettings.builder().build()).loadFromString(Files.readString(yaml));
    }

    private static Object merged(Object under, Object over) {
        if (!(under instanceof Map<?, ?> below) || !(over instanceof Map<?, ?> above)) {
            return over;
        }
        Map<Object, Object> both = new java.util.LinkedHashMap<>(below);
        above.forEach((key, value) -> both.merge(key, value, Chart::merged));
        return both;
    }

    /** Rendered objects. */
    record Objects(List<HasMetadata> all) {

        <T extends HasMetadata> List<T> all(Class<T> type) {
            return all.stream().filter(type::isInstance).map(type::cast).toList();
        }

        <T extends HasMetadata> T one(Class<T> type) {
            List<T> found = all(type);
            if (found.size() != 1) {
                throw new IllegalStateException(found.size() + " objects of " + type.getSimpleName());
            }
            return found.getFirst();
        }

        <T extends HasMetadata> T named(Class<T> type, String name) {
            return all(type).stream()
                    .filter(object -> name.equals(object.getMetadata().getName()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no " + type.getSimpleName() + " " + name));
        }
    }
}
