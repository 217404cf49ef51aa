package dev.xaabroker;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Beans that no room owns. */
final class Wiring {

    /** The one clock of the house. */
    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }
}
