package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.audit.Transactions;
import dev.slipway.deploy.answer.TakeAnswers;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.release.Release;
import dev.slipway.eventing.Ids;
import dev.slipway.eventing.PumpsAlone;
import dev.slipway.events.BackupVerified;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
import dev.slipway.events.RollbackRequested;
import dev.slipway.events.TrafficShifted;
import dev.slipway.events.WatchStepPassed;
import dev.slipway.testkit.TestDatabase;
import dev.slipway.testkit.TestKafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A release that is moved by what other services say, over a real broker: the audit names the event, and what it
/// changed.
class EventsAuditedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestDatabase database = TestDatabase.fresh("db/eventing", "db/manifest", "db/migration", "db/audit");

    @AutoClose
    private final DeployStory story = DeployStory.ofManyHands(database);

    @AutoClose
    private final KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", TestKafka.bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer());

    private final List<Event<?>> posted = new ArrayList<>();

    @BeforeEach
    void begin() {
        new Transactions(List.of(), story.clock).of(story.jdbi);
        story.withV1();
        story.others.keepPostBy(this::post);
    }

    @Test
    void shouldPutWhatAnswersAndVerdictsChangeDownToTheirEvents() throws Exception {
        UUID id;
        try (PumpsAlone _ = PumpsAlone.start(
                story.jdbi,
                story.clock,
                TestKafka.bootstrapServers(),
                Catalogue.DEPLOY,
                TakeAnswers.handlers(story.answers))) {
            Release release = story.until("v2", StepKind.TRAFFIC);
            id = release.id();
            TrafficShifted shifted = story.said(TrafficShifted.class).getLast();
            story.others.passed(shifted);
            story.work();

            story.others.callsBack(id);
        }

        Event<?> gate = first(BackupVerified.class);
        assertThat(row(gate, "gate-question"))
                .containsEntry("change", "changed")
                .containsEntry("application", "shop")
                .hasEntrySatisfying("old", old -> assertThat(old).isEqualTo("{\"answer\": null}"))
                .hasEntrySatisfying("new", now -> assertThat(now).contains("slipway-backup.verified"));
        Event<?> backup = posted.stream()
                .filter(event -> event.data() instanceof BackupVerified && event != gate)
                .findFirst()
                .orElseThrow();
        assertThat(row(backup, "step"))
                .containsEntry("change", "changed")
                .hasEntrySatisfying("old", old -> assertThat(old).isEqualTo("{\"answer\": null}"))
                .hasEntrySatisfying("new", now -> assertThat(now).contains("slipway-backup.verified"));
        assertThat(row(first(WatchStepPassed.class), "step"))
                .hasEntrySatisfying("new", now -> assertThat(now).contains("slipway-watch.stepPassed"));
        assertThat(row(first(RollbackRequested.class), "release"))
                .containsEntry("change", "changed")
                .containsEntry("subject", id.toString())
                .hasEntrySatisfying("old", old -> assertThat(old).contains("running"))
                .hasEntrySatisfying("new", now -> assertThat(now).contains("rollingBack"));
        assertThat(row(first(RollbackRequested.class), "signal")).containsEntry("change", "created");
    }

    private Event<?> first(Class<? extends EventData> type) {
        return posted.stream()
                .filter(event -> type.isInstance(event.data()))
                .findFirst()
                .orElseThrow();
    }

    /// The first thing of a kind that an event changed.
    private Map<String, String> row(Event<?> event, String kind) {
        return story.jdbi.withHandle(handle -> handle.createQuery("""
                        select change, subject, application, old::text as old, new::text as new from audit
                        where cause = 'event' and origin = :origin and action = :action and kind = :kind
                        order by seq limit 1""")
                .bind("origin", event.source() + "#" + event.id())
                .bind("action", Catalogue.of(event.data().getClass()).type())
                .bind("kind", kind)
                .mapToMap(String.class)
                .findOne()
                .orElseThrow(() -> new AssertionError("no row of " + kind + " by " + event)));
    }

    /// Said by whom the catalogue names, where it says; returns when it is worked off.
    private void post(EventData data) {
        Catalogue.Entry entry = Catalogue.of(data.getClass());
        String key = UUID.randomUUID().toString();
        Event<EventData> event = new Event<>(
                Ids.next(story.clock),
                Catalogue.SOURCE + entry.producer(),
                key,
                story.clock.instant(),
                UUID.randomUUID(),
                data);
        posted.add(event);
        byte[] value = EventCodec.toJson(event).toString().getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(entry.topic(), key, value));
        producer.flush();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isDone(event.id())) {
            assertThat(System.nanoTime())
                    .as("time until %s is worked off", data)
                    .isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private boolean isDone(UUID event) {
        return story.jdbi.withHandle(handle -> handle.createQuery(
                                "select count(*) from inbox where event_id = :id and state = 'done'")
                        .bind("id", event.toString())
                        .mapTo(Integer.class)
                        .one())
                == 1;
    }
}
