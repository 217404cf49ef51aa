package dev.xaabroker.policy;

import java.time.Duration;

/** Values in the spelling of the file. */
final class Spoken {

    private Spoken() {}

    /** {@code 90s}, {@code 5m}, {@code 8h}, {@code 2d}: the largest unit that needs no fraction. */
    static String duration(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        if (seconds % 3600 != 0) {
            return seconds / 60 + "m";
        }
        return seconds % 86_400 != 0 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }
}
