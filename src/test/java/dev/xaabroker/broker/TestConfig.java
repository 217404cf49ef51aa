package dev.xaabroker.broker;

import java.time.Duration;

/** Small bounds, so that a test reaches them. */
record TestConfig() implements BrokerConfig {

    @Override
    public Duration flightLease() {
        return Duration.ofSeconds(5);
    }

    @Override
    public Duration flightWait() {
        return Duration.ofMillis(500);
    }

    @Override
    public int freshPerMinute() {
        return 6;
    }

    @Override
    public Duration denialMemory() {
        return Duration.ofMinutes(10);
    }

    @Override
    public int massLogoutThreshold() {
        return 3;
    }

    @Override
    public Duration massLogoutPause() {
        return Duration.ofSeconds(30);
    }

    @Override
    public int renewLastPercent() {
        return 25;
    }

    @Override
    public int renewAtOnce() {
        return 16;
    }
}
