package dev.slipway.telemetry;

import dev.slipway.telemetry.DatabaseGauges.Gauge;
import dev.slipway.telemetry.DatabaseGauges.Reading;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Reads the [DatabaseGauges] at a fixed rate and remembers them, so that asking for the metrics costs the database
/// nothing and works without it. While the database cannot be read the values are not known (NaN), and
/// `slipway_database_read_age_seconds` grows.
@Singleton
public final class GaugeReader {
    private static final Logger LOG = Logger.getLogger(GaugeReader.class);

    /// Looking must not become a load of its own.
    private static final String PATIENCE = "set local statement_timeout = '2s'";

    private final Jdbi jdbi;
    private final Clock clock;
    private final MeterRegistry meters;
    private final List<DatabaseGauges> sources;
    private final Duration interval;
    private final Set<Series> shown = new HashSet<>();
    private final Thread loop = Thread.ofPlatform().name("gauges").daemon().unstarted(this::run);
    private volatile Map<Series, Double> values = Map.of();
    private volatile Instant readAt;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private boolean away;

    public GaugeReader(
            Jdbi jdbi,
            Clock clock,
            MeterRegistry meters,
            @All List<DatabaseGauges> sources,
            @ConfigProperty(name = "slipway.metrics.interval") Duration interval) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.meters = meters;
        this.sources = sources;
        this.interval = interval;
        this.readAt = clock.instant();
        TimeGauge.builder("slipway.database.read.age", this::age, TimeUnit.MILLISECONDS)
                .description("How long ago the gauges of the database were read")
                .strongReference(true)
                .register(meters);
    }

    /// Nobody reads before the application runs, and a test that makes a reader of its own reads by hand.
    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopped.countDown();
        loop.join(interval);
    }

    private record Series(String name, List<String> labels) {}

    private void run() {
        try {
            do {
                read();
            } while (!stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            // the JVM ends
        }
    }

    /// Reads all of them here and now, in one transaction.
    public synchronized void read() {
        try {
            Map<Series, Double> fresh = new HashMap<>();
            jdbi.useTransaction(tx -> read(tx, fresh));
            values = Map.copyOf(fresh);
            readAt = clock.instant();
            away = false;
        } catch (RuntimeException e) {
            values = Map.of();
            if (!away) {
                LOG.warnf("the gauges of the database cannot be read: %s", e.getMessage());
            }
            away = true;
        }
    }

    private void read(Handle tx, Map<Series, Double> fresh) {
        tx.execute(PATIENCE);
        for (DatabaseGauges source : sources) {
            for (Reading reading : source.read(tx, clock.instant())) {
                Series series = new Series(reading.gauge().name(), reading.labels());
                fresh.put(series, reading.value());
                if (shown.add(series)) {
                    show(reading.gauge(), series);
                }
            }
        }
    }

    private void show(Gauge gauge, Series series) {
        io.micrometer.core.instrument.Gauge.builder(series.name(), () -> values.getOrDefault(series, Double.NaN))
                .description(gauge.help())
                .tags(series.labels().toArray(String[]::new))
                .strongReference(true)
                .register(meters);
    }

    private long age() {
        return Math.max(0, Duration.between(readAt, clock.instant()).toMillis());
    }
}
