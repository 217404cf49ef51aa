package dev.xaabroker.exchange;

import dev.xaabroker.outbound.Answer;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a published document is kept: what {@code Cache-Control} says, within 5 min and 24 h (RULES D11). */
final class Freshness {

    static final Duration MIN = Duration.ofMinutes(5);
    static final Duration MAX = Duration.ofHours(24);

    private static final Pattern MAX_AGE = Pattern.compile("(?i)(?:^|[,\\s])max-age\\s*=\\s*\"?([0-9]{1,9})");

    private Freshness() {}

    static Duration of(Answer answer) {
        Matcher maxAge = MAX_AGE.matcher(answer.header("cache-control").orElse(""));
        Duration said = maxAge.find() ? Duration.ofSeconds(Long.parseLong(maxAge.group(1))) : MIN;
        return said.compareTo(MIN) < 0 ? MIN : said.compareTo(MAX) > 0 ? MAX : said;
    }
}
