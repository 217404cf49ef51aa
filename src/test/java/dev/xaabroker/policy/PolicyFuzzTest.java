package dev.xaabroker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Mutated policies: none crashes the loader with anything but {@link PolicyInvalid}, none takes it a second, none loads
 * although the schema refuses it. By default a twentieth of them; all with {@code -Dxaa.runs=10000}.
 */
class PolicyFuzzTest {

    private static final int RUNS = Integer.getInteger("xaa.runs", 500);
    private static final Duration LONGEST = Duration.ofSeconds(1);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Pieces that have meaning somewhere: to YAML, to the loader, or to the libraries below. */
    private static final List<String> PIECES = List.of(
            "\"",
            "'",
            ":",
            ": ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "#",
            " #",
            "&a ",
            "*a",
            "&a [*a]",
            "!!str ",
            "!x ",
            "!!set ",
            "!!omap ",
            "!!binary ",
            "!!int ",
            "| ",
            "> ",
            "|2\n",
            "%YAML 1.1\n",
            "---\n",
            "...\n",
            "? ",
            "<<: ",
            "~",
            "null",
            "true",
            "5m",
            "301s",
            "0x10",
            "1e3",
            ".inf",
            ".nan",
            "-1",
            "999999999999999999999",
            "2027-02-30",
            "any",
            "*",
            "\t",
            "\r",
            "\u0000",
            "\u0007",
            "\u0085",
            "\u2028",
            "\ufeff",
            "\ud83d\ude00",
            "\ud800",
            "\"\\ud800\"",
            "\"\\U00110000\"",
            "\"\\x\"",
            "\n",
            "\n\n",
            "  ",
            "    ",
            "env:",
            "env:A",
            "file:",
            "file:/",
            "https://",
            "http://",
            "a: ",
            "user.a == ",
            "((((((((",
            "'''",
            "\\",
            "%",
            "@",
            "`",
            "é",
            "[[[[[[[[[[[[",
            "{a: {a: {a: {a: ");

    private final Random random = new Random(Long.getLong("xaa.seed", 20261121L));
    private final List<String> originals = originals();

    @Test
    void noMutationCrashesHangsOrLoadsAgainstTheSchema() {
        int loaded = 0;
        Duration longest = Duration.ZERO;
        for (int run = 0; run < RUNS; run++) {
            String text = mutant();
            long start = THREADS.getCurrentThreadCpuTime();
            Policy policy = load(run, text);
            Duration cpu = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start);
            longest = cpu.compareTo(longest) > 0 ? cpu : longest;

            assertThat(cpu).as("run %d:%n%s", run, text).isLessThan(LONGEST);
            if (policy != null) {
                loaded++;
                assertThat(PolicySchema.errors(PolicySchema.json(text)))
                        .as("run %d loads:%n%s", run, text)
                        .isEmpty();
                assertThat(load(run, policy.canonical()).revision()).isEqualTo(policy.revision());
            }
        }
        System.out.printf("%d mutants, %d loaded, longest %d ms of CPU%n", RUNS, loaded, longest.toMillis());
        assertThat(loaded).as("some must be fine, and some not").isBetween(RUNS / 20, RUNS * 4 / 5);
    }

    /** Null when it is refused in the way in which it should be. */
    private static Policy load(int run, String text) {
        try {
            return PolicyReader.reviewing(true).read("policy.yaml", text, Path.of("/nowhere"));
        } catch (PolicyInvalid invalid) {
            assertThat(invalid.findings()).isNotEmpty().allSatisfy(finding -> {
                assertThat(finding.line()).isPositive();
                assertThat(finding.column()).isPositive();
                assertThat(finding.message()).isNotBlank();
            });
            return null;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError("run " + run + " crashes the loader, " + at(e) + ":\n" + text, e);
        }
    }

    private static String at(Throwable e) {
        return e + " at " + List.of(e.getStackTrace()).subList(0, Math.min(6, e.getStackTrace().length));
    }

    private String mutant() {
        String text = any(originals);
        int mutations = random.nextBoolean() ? 1 : 1 + random.nextInt(4);
        for (int i = 0; i < mutations && !text.isEmpty(); i++) {
            text = mutate(text);
        }
        return text;
    }

    private String mutate(String text) {
        int at = random.nextInt(text.length());
        int to = Math.min(text.length(), at + 1 + random.nextInt(12));
        return switch (random.nextInt(18)) {
            case 0 -> text.substring(0, at) + text.substring(to);
            case 1 -> text.substring(0, at) + any(PIECES) + text.substring(at);
            case 2 -> text.substring(0, at) + any(PIECES) + text.substring(to);
            case 3 -> text.substring(0, at) + (char) random.nextInt(0x250) + text.substring(at + 1);
            case 4 -> text.substring(0, at);
            case 5 ->
                text.substring(0, at) + text.substring(at, to).repeat(1 + random.nextInt(200)) + text.substring(to);
            case 6 -> text.substring(0, at) + any(PIECES).repeat(random.nextInt(5_000)) + text.substring(at);
            case 7 -> splice(text, at);
            case 8, 9 -> lines(text);
            default -> word(text);
        };
    }

    private String splice(String text, int at) {
        String other = any(originals);
        return text.substring(0, at) + other.substring(random.nextInt(other.length()));
    }

    /** Takes a line out, says it twice, swaps two, or moves one in or out. */
    private String lines(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        int at = random.nextInt(lines.size());
        switch (random.nextInt(5)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
            case 2 -> lines.set(at, lines.get(random.nextInt(lines.size())));
            case 3 -> lines.set(at, "  " + lines.get(at));
            default -> lines.set(at, lines.get(at).replaceFirst("^ {1,2}", ""));
        }
        return String.join("\n", lines);
    }

    /** Exchanges one word for another of the same file: most such files are well-formed, and some are right. */
    private String word(String text) {
        String[] words = text.split("(?<=[\\s,\\[\\]{}])|(?=[\\s,\\[\\]{}:])");
        words[random.nextInt(words.length)] = words[random.nextInt(words.length)];
        return String.join("", words);
    }

    private String any(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static List<String> originals() {
        List<String> texts = new ArrayList<>(List.of(Example.FILE));
        try (Stream<Path> samples = Files.walk(Path.of("policies/samples"))) {
            for (Path file : samples.filter(Files::isRegularFile).sorted().toList()) {
                texts.add(Files.readString(file));
            }
            texts.add(Files.readString(Path.of("src/test/resources/policy/full.yaml")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return texts;
    }
}
