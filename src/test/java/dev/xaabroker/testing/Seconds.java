package dev.xaabroker.testing;

import java.util.concurrent.TimeUnit;

/** {@code iat} and {@code auth_time} count in seconds. */
public final class Seconds {

    private Seconds() {}

    /**
     * Waits for the next one: a login of the second of an end is over with the others, and an assertion of the second in which
     * a memory began may have been used before.
     */
    public static void awaitNext() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(1_001 - System.currentTimeMillis() % 1000);
    }
}
