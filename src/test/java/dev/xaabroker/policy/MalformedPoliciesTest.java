package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file and every directory of src/test/resources/policy/malformed is a policy that must not load. Its name says
 * what is wrong with it; a first line {@code # expect LINE:COLUMN MESSAGE} says what its author is told, and where.
 */
class MalformedPoliciesTest {

    private static final Path ALL = Path.of("src/test/resources/policy/malformed");
    private static final String EXPECT = "# expect ";

    static List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(ALL)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void isRefusedAtThePlaceAndWithTheWordsThatItExpects(String name) {
        Path path = ALL.resolve(name);

        PolicyInvalid invalid = catchThrowableOfType(PolicyInvalid.class, () -> Example.read(path));

        assertThat(invalid).as("it must not load").isNotNull();
        assertThat(invalid.findings().stream().map(finding -> line(path, finding)))
                .containsExactlyElementsOf(expected(path));
        assertThat(invalid.getMessage()).doesNotContain("hunter2").doesNotContain(Example.SECRET);
    }

    @Test
    void thereAreManyOfThem() throws IOException {
        assertThat(names()).hasSizeGreaterThan(150);
    }

    /** Findings name other files of a directory by their whole path; here their names are enough. */
    private static String line(Path path, Finding finding) {
        return finding.file() + " " + EXPECT + finding.line() + ":" + finding.column() + " "
                + finding.message().replace(path + "/", "");
    }

    private static List<String> expected(Path path) {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .flatMap(file -> firstLine(file)
                            .filter(line -> line.startsWith(EXPECT))
                            .map(line -> file + " " + line))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> firstLine(Path file) {
        try {
            return Files.readString(file).lines().limit(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
