package dev.xaabroker.policy;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The kinds of value that a key can have, beyond text. Each reports what does not fit and then answers the fallback. */
final class Values {

    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})([smhd])");

    /** Names stand in reasons, in the ledger's comma-separated lists, in metrics and in peer names. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private Values() {}

    /** A time span of one number and one unit: {@code 30s}, {@code 5m}, {@code 8h}, {@code 7d}. Never zero. */
    static Optional<Duration> duration(Fields fields, String key) {
        return fields.text(key).flatMap(text -> {
            Matcher matcher = DURATION.matcher(text.value());
            if (!matcher.matches()) {
                fields.findings().at(text.at(), "`" + key + "` must be a time span such as 30s, 5m, 8h or 7d");
                return Optional.empty();
            }
            long amount = Long.parseLong(matcher.group(1));
            return Optional.of(
                    switch (matcher.group(2)) {
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        case "h" -> Duration.ofHours(amount);
                        default -> Duration.ofDays(amount);
                    });
        });
    }

    /** As {@link #duration(Fields, String)}, at most {@code max}. */
    static Duration duration(Fields fields, String key, Duration fallback, Duration max, String why) {
        Duration duration = duration(fields, key).orElse(fallback);
        if (duration.compareTo(max) > 0) {
            fields.node(key).ifPresent(node -> fields.findings()
                    .at(node, "`" + key + "` is at most " + max.toSeconds() + "s: " + why));
        }
        return duration;
    }

    static Optional<LocalDate> date(Fields fields, String key) {
        return fields.text(key).flatMap(text -> {
            try {
                if (text.value().length() == "2027-03-31".length()) {
                    return Optional.of(LocalDate.parse(text.value()));
                }
            } catch (DateTimeException e) {
                // reported below, like any other text that is no date
            }
            fields.findings().at(text.at(), "`" + key + "` must be a date that exists, as 2027-03-31");
            return Optional.empty();
        });
    }

    static boolean flag(Fields fields, String key, boolean fallback) {
        Node node = fields.node(key).orElse(null);
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
            return scalar.getValue().equalsIgnoreCase("true");
        }
        if (node != null) {
            fields.findings().at(node, "`" + key + "` must be true or false");
        }
        return fallback;
    }

    static int number(Fields fields, String key, int fallback, int max) {
        Node node = fields.node(key).orElse(null);
        if (node instanceof ScalarNode scalar && scalar.getValue().matches("[1-9][0-9]{0,8}")) {
            int number = Integer.parseInt(scalar.getValue());
            if (scalar.getTag().equals(Tag.INT) && number <= max) {
                return number;
            }
        }
        if (node != null) {
            fields.findings().at(node, "`" + key + "` must be a whole number from 1 to " + max);
        }
        return fallback;
    }

    /** One of {@code choices}; the value is not repeated in a finding. */
    static <T> Optional<T> choice(Fields fields, String key, Map<String, T> choices) {
        return fields.text(key).flatMap(text -> choice(text, key, choices, fields.findings()));
    }

    static <T> Optional<T> choice(Text text, String key, Map<String, T> choices, Findings findings) {
        T chosen = choices.get(text.value());
        if (chosen == null) {
            String names = choices.keySet().stream().sorted().collect(Collectors.joining(", "));
            String hint = Spelling.hint(text.value(), choices.keySet());
            findings.at(text.at(), "`" + key + "` must be one of " + names + hint);
        }
        return Optional.ofNullable(chosen);
    }

    /** The constants of an enum by their names in the file. */
    static <E extends Enum<E>> Map<String, E> lowerCase(E[] constants) {
        return Stream.of(constants)
                .collect(Collectors.toUnmodifiableMap(
                        constant -> constant.name().toLowerCase(Locale.ROOT), Function.identity()));
    }

    /** Reports a name that holds other than letters, digits, dots, hyphens and underscores. */
    static void checkName(Text name, Findings findings) {
        if (!NAME.matcher(name.value()).matches()) {
            findings.at(name.at(), "a name is made of letters, digits, . - and _, at most 100 of them: rename it");
        }
    }

    static List<String> plain(List<Text> texts) {
        return texts.stream().map(Text::value).toList();
    }
}
