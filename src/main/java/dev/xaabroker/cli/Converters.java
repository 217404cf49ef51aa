package dev.xaabroker.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Reads argument values in the spelling of the file. picocli's own readers of times need reflection. */
final class Converters {

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})([smhd])");

    private Converters() {}

    static void register(CommandLine line) {
        line.registerConverter(Duration.class, Converters::duration);
        line.registerConverter(Instant.class, Converters::instant);
    }

    private static Duration duration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new TypeConversionException("a duration is written as 90s, 10m, 8h or 2d");
        }
        long amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new TypeConversionException("a time is written in UTC, as 2027-03-31T12:00:00Z");
        }
    }
}
