package dev.xaabroker;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each rule of RULES.md that is built stands by its id at a test that proves it. */
class RulesOfConnectTest {

    private static final Set<String> BUILT = Stream.of(
                    rules("A", 1, 5),
                    Stream.of("A9", "K7", "J2", "J5"),
                    rules("B", 1, 6),
                    rules("B", 8, 11),
                    rules("C", 1, 4),
                    rules("K", 1, 4),
                    Stream.of("D5", "D6", "D8", "D9", "D11", "D12"),
                    rules("E", 1, 10),
                    Stream.of("G1"),
                    rules("G", 3, 7),
                    rules("F", 1, 3),
                    rules("F", 7, 9))
            .flatMap(ids -> ids)
            .collect(Collectors.toCollection(TreeSet::new));

    @Test
    void namesATestForEachRuleThatIsBuilt() {
        JavaClasses tests = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                .importPackages("dev.xaabroker");

        Set<String> named = tests.stream()
                .flatMap(test -> test.getMethods().stream())
                .filter(method -> method.isAnnotatedWith(Rules.class))
                .flatMap(method ->
                        Arrays.stream(method.getAnnotationOfType(Rules.class).value()))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).containsAll(BUILT);
    }

    private static Stream<String> rules(String group, int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(number -> group + number);
    }
}
