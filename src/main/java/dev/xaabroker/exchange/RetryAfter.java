package dev.xaabroker.exchange;

import dev.xaabroker.outbound.Answer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** How long a busy peer wants to be left alone (RFC 9110 s10.2.3): between one second and five minutes. */
final class RetryAfter {

    static final Duration UNSAID = Duration.ofSeconds(2);
    private static final Duration MIN = Duration.ofSeconds(1);
    private static final Duration MAX = Duration.ofMinutes(5);

    private RetryAfter() {}

    static Duration of(Answer answer, Instant now) {
        return answer.header("retry-after")
                .map(value -> bounded(read(value.strip(), now)))
                .orElse(UNSAID);
    }

    private static Duration read(String value, Instant now) {
        if (value.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            ZonedDateTime date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Duration.between(now, date.toInstant());
        } catch (DateTimeException notADate) {
            return UNSAID;
        }
    }

    private static Duration bounded(Duration wait) {
        Duration atLeast = wait.compareTo(MIN) < 0 ? MIN : wait;
        return atLeast.compareTo(MAX) > 0 ? MAX : atLeast;
    }
}
