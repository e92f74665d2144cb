package dev.slipway.monitor.sample;

import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkResult;
import dev.slipway.manifest.References;
import dev.slipway.manifest.UnresolvedReference;
import dev.slipway.monitor.manifest.EnvironmentWatch;
import dev.slipway.monitor.manifest.WatchedEnvironments;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Looks at an environment's metrics again and again, with or without a release, so that a release finds the
/// hour before it. A failed look is a sample too: that nothing was seen is what a watch must know.
@Singleton
public final class ScrapeEnvironment implements WorkHandler {
    /// Kind of due work; its id is the environment's full name.
    public static final String KIND = "scrape";

    private static final Logger LOG = Logger.getLogger(ScrapeEnvironment.class);
    private static final Duration UNWATCHED = Duration.ofSeconds(5);

    private static final String TAKEN = "taken";
    private static final String MISSED = "missed";

    private final Jdbi jdbi;
    private final Clock clock;
    private final WatchedEnvironments environments;
    private final References references;
    private final MetricsSource source;
    private final SampleLog log;
    private final SampleListener listener;
    private final MeterRegistry meters;

    public ScrapeEnvironment(
            Jdbi jdbi,
            Clock clock,
            WatchedEnvironments environments,
            References references,
            MetricsSource source,
            SampleLog log,
            SampleListener listener,
            MeterRegistry meters) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.environments = environments;
        this.references = references;
        this.source = source;
        this.log = log;
        this.listener = listener;
        this.meters = meters;
        // From zero on, so that the first of each is an increase.
        samples(TAKEN);
        samples(MISSED);
    }

    @Override
    public boolean ends() {
        return false;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public WorkResult run(WorkItem item) {
        String environment = item.id();
        // The moment of asking, not of the answer: what the page shows was counted after it, never before.
        Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Optional<EnvironmentWatch> watch = environments.current(environment);
        if (watch.isPresent()) {
            Sample sample = look(watch.get(), environment, at);
            return WorkResult.again(at.plus(watch.get().every()), tx -> keep(tx, environment, sample));
        }
        if (jdbi.withHandle(handle -> listener.isWaiting(handle, environment))) {
            Sample sample = new Sample.Missed(
                    at, "the current manifest doesn't say where the metrics of %s are".formatted(environment));
            return WorkResult.again(at.plus(UNWATCHED), tx -> keep(tx, environment, sample));
        }
        return WorkResult.done(_ -> LOG.infof("event=scraping_ends environment=%s", environment));
    }

    private Sample look(EnvironmentWatch watch, String environment, Instant at) {
        try {
            URI page = URI.create(references.resolve(watch.metrics()));
            return new Sample.Taken(at, source.read(page, watch.requests(), watch.errors(), watch.timeout()));
        } catch (MetricsSource.Unavailable | UnresolvedReference e) {
            LOG.debugf("event=sample_missed environment=%s reason=\"%s\"", environment, e.getMessage());
            return new Sample.Missed(at, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException _) {
            // Without its message: it would quote the resolved URL.
            return new Sample.Missed(at, "the URL of the metrics page is none");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while asking the metrics source of " + environment);
        }
    }

    /// How looks at metrics pages end: `slipway_samples_total{outcome}`.
    private Counter samples(String outcome) {
        return meters.counter("slipway.samples", "outcome", outcome);
    }

    private void keep(Handle tx, String environment, Sample sample) {
        log.append(tx, environment, sample);
        String outcome = switch (sample) {
            case Sample.Taken _ -> TAKEN;
            case Sample.Missed _ -> MISSED;
        };
        tx.afterCommit(() -> samples(outcome).increment());
        listener.sampled(tx, environment);
    }
}
