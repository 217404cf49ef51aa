package dev.xaabroker.broker;

import dev.xaabroker.keys.SecurityEventVerifier.SecurityEvent;
import java.time.Instant;

/** When an event happened, as far as its transmitter can be believed. */
final class EventTimes {

    private static final long FIRST_MILLISECONDS = 100_000_000_000L;

    private EventTimes() {}

    /**
     * Up to when logins are over: {@code event_timestamp} (CAEP 1.0 s2), else {@code toe} (RFC 8417 s2.2), else {@code iat}.
     * Never later than {@code received}, or a wrong clock would shut people out for as long as it is wrong.
     */
    static Instant upTo(SecurityEvent event, Instant received) {
        Instant said = event.occurred() == null ? event.issuedAt() : event.occurred();
        if (event.event().get("event_timestamp") instanceof Number stamp && stamp.longValue() > 0) {
            // Seconds since the final version; milliseconds in the drafts, and those are still sent.
            long number = stamp.longValue();
            said = number >= FIRST_MILLISECONDS ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number);
        }
        return said.isAfter(received) ? received : said;
    }
}
