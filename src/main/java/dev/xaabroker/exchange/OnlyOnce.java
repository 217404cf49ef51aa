package dev.xaabroker.exchange;

import java.time.Duration;

/** For a look-up that happens once: nothing that failed is remembered. */
record OnlyOnce(int idpRequestsPerMinute) implements ExchangeConfig {

    @Override
    public Duration unreachableFor() {
        return Duration.ZERO;
    }

    @Override
    public Duration absentFor() {
        return Duration.ZERO;
    }

    @Override
    public Duration refreshInterval() {
        return Duration.ZERO;
    }

    @Override
    public Duration circuitOpen() {
        return Duration.ZERO;
    }
}
