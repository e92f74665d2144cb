package dev.slipway.notify;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.icegreen.greenmail.store.FolderException;
import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkResult;
import dev.slipway.eventing.WorkRunner;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
import dev.slipway.manifest.Manifests;
import dev.slipway.notify.audience.NotifyManifest;
import dev.slipway.notify.notice.NoticePipeline;
import dev.slipway.testkit.TestClock;
import io.quarkus.arc.All;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// The service as a story sees it: events happen, work that is due is done by hand, the clock is turned, and what
/// people got is looked at.
@Singleton
public final class NotifyStory {
    static final String TEAM = "team@shop.example";
    private static final Duration LEASE = Duration.ofSeconds(15);

    final Jdbi jdbi;
    final TestClock clock;
    final List<EventHandler<?>> handlers;
    private final WorkQueue queue;
    private final NoticePipeline pipeline;
    private final Manifests<NotifyManifest> manifests;

    NotifyStory(
            Jdbi jdbi,
            TestClock clock,
            @All List<EventHandler<?>> handlers,
            WorkQueue queue,
            NoticePipeline pipeline,
            Manifests<NotifyManifest> manifests) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.handlers = handlers;
        this.queue = queue;
        this.pipeline = pipeline;
        this.manifests = manifests;
    }

    /// Begins anew: nothing was told, everybody accepts.
    void begin() throws FolderException {
        jdbi.useHandle(handle ->
                handle.execute("truncate notice, occasion, known_release, outbox, work, inbox restart identity"));
        clock.set(Samples.AT);
        Receivers.SLACK.reset();
        Receivers.MAIL.accept(TEAM);
        Receivers.MAIL.purgeEmailFromAllMailboxes();
    }

    void pass(Duration time) {
        clock.advance(time);
    }

    void leaseEnds() {
        clock.advance(LEASE);
    }

    String manifest() {
        return manifest("email: [team@shop.example], slack: [\"${env:SLIPWAY_REF_SLACK}\"]");
    }

    String manifest(String team) {
        return put("""
                application: shop
                environments: [{name: staging}, {name: production}]
                audiences:
                  - {name: customers, email: ["${env:SLIPWAY_REF_CUSTOMERS}"], environments: [production]}
                  - {name: team, %s}
                notices:
                  candidate-accepted: [team]
                  release-queued: [team]
                  release-waiting: [team]
                  release-approved: [team]
                  release-started: [customers, team]
                  release-completed: [customers, team]
                  release-rolling-back: [team]
                  release-failed: [team]
                  release-held: [team]
                  watch-held: [team]
                  backup-failed: [team]
                  incident: [team]
                """.formatted(team));
    }

    String put(String yaml) {
        return manifests
                .put("shop", yaml.getBytes(StandardCharsets.UTF_8), "test", Optional.empty())
                .hash();
    }

    void happens(Event<?> event) {
        EventHandler<?> handler = handlers.stream()
                .filter(candidate -> candidate.type() == event.data().getClass())
                .findFirst()
                .orElseThrow();
        jdbi.useTransaction(tx -> call(handler, tx, event));
    }

    @SuppressWarnings("unchecked")
    private static <D extends EventData> void call(EventHandler<D> handler, Handle tx, Event<?> event) {
        handler.handle(tx, (Event<D>) event);
    }

    void runDue() {
        runner(pipeline).runDue();
    }

    /// The process dies after the receiver has the message and before anything of it is written down.
    void killAfterTheEffect() {
        WorkHandler dying = new WorkHandler() {
            @Override
            public String kind() {
                return pipeline.kind();
            }

            @Override
            public WorkResult run(WorkItem item) {
                pipeline.run(item);
                throw new Killed();
            }
        };
        assertThatThrownBy(() -> runner(dying).runDue()).isInstanceOf(Killed.class);
    }

    private WorkRunner runner(WorkHandler handler) {
        return new WorkRunner(jdbi, queue, clock, "test", LEASE, List.of(handler));
    }

    <D> List<D> answers(Class<D> type) {
        String name = Catalogue.of(type.asSubclass(EventData.class)).type();
        return jdbi
                .withHandle(handle -> handle.createQuery("select data from outbox where type = :type order by seq")
                        .bind("type", name)
                        .mapTo(String.class)
                        .list())
                .stream()
                .map(json -> read(json, type))
                .toList();
    }

    private static <D> D read(String json, Class<D> type) {
        try {
            return EventCodec.json().readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    List<String> outbox(String column) {
        return jdbi.withHandle(handle -> handle.createQuery("select " + column + " from outbox order by seq")
                .mapTo(String.class)
                .list());
    }

    JsonPath notices(String query) {
        return RestAssured.given()
                .auth()
                .oauth2("viewer")
                .get("/api/v1/notices" + query)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }
}
