package dev.slipway.monitor.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.Ids;
import dev.slipway.eventing.Outbox;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkRunner;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
import dev.slipway.events.PipelineRun;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.ReleaseRef;
import dev.slipway.events.ReleaseRollingBack;
import dev.slipway.events.ReleaseStarted;
import dev.slipway.events.TrafficShifted;
import dev.slipway.events.TrafficShifted.Side;
import dev.slipway.manifest.Manifests;
import dev.slipway.manifest.References;
import dev.slipway.monitor.incident.RaiseIncident;
import dev.slipway.monitor.manifest.WatchManifest;
import dev.slipway.monitor.manifest.WatchManifestReader;
import dev.slipway.monitor.manifest.WatchedEnvironments;
import dev.slipway.monitor.sample.MetricsSource;
import dev.slipway.monitor.sample.SampleLog;
import dev.slipway.monitor.sample.ScrapeEnvironment;
import dev.slipway.monitor.sample.ScrapeWatched;
import dev.slipway.outbound.OutboundHttp;
import dev.slipway.testkit.TestClock;
import dev.slipway.testkit.TestDatabase;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// The whole way through the service, from a real metrics page to the outbox, with a clock that is turned by
/// hand.
final class WatchStory implements AutoCloseable {
    private static final String SHOP = """
            application: shop
            environments: [{name: production}]
            watches:
              - environment: production
                metrics: ${env:SLIPWAY_REF_METRICS}
                requests: {name: edge_requests_total, labels: {version: "${version}"}}
                errors: {name: edge_requests_total, labels: {version: "${version}", status: "5.."}}
            """;
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final String NOTHING_WATCHED = "application: shop\n";

    final SimulatedEdge edge;
    final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    private final AgroalDataSource pool = pool(TestDatabase.fresh("db/eventing", "db/manifest", "db/migration"));
    final Jdbi jdbi = Jdbi.create(pool);
    final UUID release = UUID.randomUUID();
    final UUID chain = UUID.randomUUID();
    final WatchStore store = new WatchStore();
    final WatchLog log = new WatchLog();
    private final MetricsSource source = new MetricsSource(OutboundHttp.to("127.0.0.0/8"));
    private final WorkQueue queue = new WorkQueue(clock);
    private final Manifests<WatchManifest> manifests;
    private final ScrapeEnvironment scrape;
    private final JudgeDue judge;
    private final StartWatch start;
    private WorkRunner runner;
    private String manifest = "sha256:never-seen";

    WatchStory(long seed) {
        edge = new SimulatedEdge(seed);
        References references = References.of(Map.of("SLIPWAY_REF_METRICS", edge.metrics()));
        manifests = new Manifests<>(
                jdbi, clock, new WatchManifestReader(), references, List.of(new ScrapeWatched(queue, clock)));
        WatchedEnvironments environments = new WatchedEnvironments(manifests);
        SampleLog samples = new SampleLog();
        EventWriter events = new EventWriter(new Outbox(clock), clock, Catalogue.MONITOR);
        ActOnVerdict act = new ActOnVerdict(events, new RaiseIncident(events, clock));
        judge = new JudgeDue(new JudgeWatch(store, log, samples, act), store, queue, clock);
        scrape = new ScrapeEnvironment(
                jdbi, clock, environments, references, source, samples, judge, new SimpleMeterRegistry());
        start = new StartWatch(store, environments, new MeasureRelease(samples, store), queue, events, clock);
        runs(scrape, judge);
    }

    /// A shop with v1 in production, watched for some time.
    static WatchStory ofShop(long seed, Duration before) {
        WatchStory story = new WatchStory(seed);
        story.apply(SHOP);
        story.edge.traffic("v1", 100, .002);
        story.pass(before);
        return story;
    }

    void apply(String yaml) {
        manifest = manifests
                .put("shop", yaml.getBytes(StandardCharsets.UTF_8), "test", Optional.empty())
                .hash();
    }

    void applyWithoutWatch() {
        apply(NOTHING_WATCHED);
    }

    /// Lets traffic flow and due work run, sample by sample.
    void pass(Duration time) {
        for (long turn = 0; turn < time.dividedBy(EVERY); turn++) {
            edge.flow(EVERY);
            clock.advance(EVERY);
            runner.runDue();
        }
    }

    /// As long as it takes until an event of this kind is written. @return how long it took
    Duration passUntil(Class<? extends EventData> type, Duration longest) {
        Instant from = clock.instant();
        int before = events(type).size();
        while (events(type).size() == before) {
            if (!clock.instant().isBefore(from.plus(longest))) {
                throw new AssertionError("no %s within %s: %s".formatted(type.getSimpleName(), longest, current()));
            }
            pass(EVERY);
        }
        return Duration.between(from, clock.instant());
    }

    void runs(WorkHandler... handlers) {
        runner = new WorkRunner(jdbi, queue, clock, "test", Duration.ofSeconds(15), List.of(handlers));
    }

    void judgeSleeps() {
        runs(scrape);
    }

    void judgeWakes() {
        runs(scrape, judge);
    }

    /// The traffic of a step: v2 gets this share.
    void split(int percent, double v2ErrorRate) {
        edge.traffic("v1", 100 - percent, .002);
        edge.traffic("v2", percent, v2ErrorRate);
    }

    TrafficShifted shift(int percent) {
        return shift(percent, "hold", clock.instant());
    }

    TrafficShifted shift(int percent, String undecided, Instant effectiveAt) {
        boolean last = percent == 100;
        return new TrafficShifted(
                ref(release),
                UUID.randomUUID(),
                percent,
                Map.of("blue", 100 - percent, "green", percent),
                effectiveAt,
                new Side("v2", "green"),
                last ? null : new Side("v1", "blue"),
                Duration.ofSeconds(15),
                Duration.ofMinutes(5),
                undecided,
                last ? Duration.ofMinutes(2) : null);
    }

    /// The same step, shifted to once more.
    TrafficShifted again(TrafficShifted shift) {
        return new TrafficShifted(
                shift.release(),
                shift.step(),
                shift.percent(),
                shift.weights(),
                clock.instant(),
                shift.candidate(),
                shift.baseline(),
                shift.minDwell(),
                shift.maxDuration(),
                shift.undecided(),
                shift.strict());
    }

    private ReleaseRef ref(UUID id) {
        return new ReleaseRef(
                id, "shop", "shop/production", 2, "normal", "v2", "c0ffee", "pkg:generic/shop@v2", manifest);
    }

    void hears(TrafficShifted data) {
        hears(event(data));
    }

    /// Any event that deploy-service says of a release.
    void hears(Event<?> event) {
        EndWatch end = new EndWatch(store);
        jdbi.useTransaction(tx -> {
            switch (event.data()) {
                case ReleaseStarted _ -> handle(tx, new OnReleaseStarted(start), event);
                case TrafficShifted _ -> handle(tx, new OnTrafficShifted(start), event);
                case ReleaseRollingBack _ -> handle(tx, new OnReleaseRollingBack(end), event);
                case ReleaseFinished _ -> handle(tx, new OnReleaseFinished(end, store), event);
                default -> throw new AssertionError(event);
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static <D extends EventData> void handle(Handle tx, EventHandler<D> handler, Event<?> event) {
        handler.handle(tx, (Event<D>) event);
    }

    void hearsRollingBack() {
        ReleaseRollingBack data = new ReleaseRollingBack(ref(release), "asked for", "mara", List.of());
        hears(event(data));
    }

    void hearsFinished(UUID id, String phase, String currentVersion) {
        ReleaseFinished data = new ReleaseFinished(
                new PipelineRun("shop/production", "/releases/1", "success", null),
                new ReleaseFinished.Facts(ref(id), phase, "done", null, clock.instant(), null, currentVersion));
        hears(event(data));
    }

    private <D extends EventData> Event<D> event(D data) {
        return new Event<>(
                Ids.next(clock), "/slipway/deploy-service", release.toString(), clock.instant(), chain, data);
    }

    /// The events of one kind that this service has written so far.
    <D extends EventData> List<D> events(Class<D> type) {
        return jdbi.withHandle(handle -> handle.createQuery("select data from outbox where type = ? order by seq")
                .bind(0, Catalogue.of(type).type())
                .mapTo(String.class)
                .map(json -> {
                    try {
                        return EventCodec.json().readValue(json, type);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .list());
    }

    /// The one event of its type.
    <D extends EventData> D only(Class<D> type) {
        assertThat(events(type)).hasSize(1);
        return events(type).getFirst();
    }

    Watch current() {
        return jdbi.withHandle(handle -> store.watches(handle, release)).getLast();
    }

    List<Check> checks() {
        return jdbi.withHandle(handle -> log.checks(handle, release, Optional.empty(), Optional.empty(), 10_000));
    }

    List<Batch> batches(UUID step) {
        return jdbi.withHandle(handle -> log.batches(handle, release, step));
    }

    Optional<String> running() {
        return jdbi.withHandle(handle -> store.running(handle, "shop/production"));
    }

    int count(String table) {
        return jdbi.withHandle(handle -> handle.createQuery("select count(*) from " + table)
                .mapTo(Integer.class)
                .one());
    }

    @Override
    public void close() {
        edge.close();
        pool.close();
    }

    /// A story is thousands of small transactions.
    private static AgroalDataSource pool(TestDatabase database) {
        try {
            return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                    .connectionPoolConfiguration(pool -> pool.maxSize(4)
                            .connectionFactoryConfiguration(factory -> factory.jdbcUrl(database.url())
                                    .principal(new NamePrincipal(database.user()))
                                    .credential(new SimplePassword(database.password())))));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
