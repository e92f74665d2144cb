package dev.slipway.deploy.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/// Counts what became of deliveries: `slipway_webhook_deliveries_total{verdict}`. Whose they were is not told: anybody
/// may deliver under any name.
@Singleton
final class VerdictMetrics {
    private final MeterRegistry meters;

    VerdictMetrics(MeterRegistry meters) {
        this.meters = meters;
        // From zero on, so that the first of each is an increase.
        Verdict.tags().forEach(this::counter);
    }

    /// @param verdict see [Verdict#tag]
    void count(String verdict) {
        counter(verdict).increment();
    }

    private Counter counter(String verdict) {
        return meters.counter("slipway.webhook.deliveries", "verdict", verdict);
    }
}
