package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.telemetry.GaugeReader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

class GaugesTest {
    private final EventingStory story = new EventingStory();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final GaugeReader reader = reader(story.jdbi);

    @Test
    void shouldShowHowMuchWaitsAndForHowLong() {
        var queue = new WorkQueue(story.clock);
        story.jdbi.useTransaction(tx -> {
            story.writer.write(
                    tx, "k", "s", Ids.next(story.clock), story.finished("one").data());
            queue.schedule(tx, "step", "a", story.clock.instant());
            queue.schedule(tx, "step", "later", story.clock.instant().plusSeconds(600));
        });
        story.arrives("k", story.finished("waits"));
        story.clock.advance(Duration.ofSeconds(40));
        story.jdbi.useTransaction(tx -> queue.schedule(tx, "step", "b", story.clock.instant()));

        reader.read();

        assertThat(value("slipway.outbox.unpublished")).isEqualTo(1);
        assertThat(value("slipway.outbox.oldest.age.seconds")).isEqualTo(40);
        assertThat(value("slipway.inbox.pending")).isEqualTo(1);
        assertThat(value("slipway.inbox.oldest.age.seconds")).isEqualTo(40);
        assertThat(value("slipway.work.due", "kind", "step")).isEqualTo(2);
        assertThat(value("slipway.work.overdue", "kind", "step")).isEqualTo(1);
        assertThat(value("slipway.work.oldest.due.age.seconds", "kind", "step")).isEqualTo(40);
        assertThat(value("slipway.work.due", "kind", "idle")).isZero();
        queue.claim(story.jdbi, List.of("step"), "me", Duration.ofSeconds(15), 1);
        reader.read();
        assertThat(value("slipway.work.running", "kind", "step")).isEqualTo(1);
        assertThat(value("slipway.work.overdue", "kind", "step")).isZero();
    }

    @Test
    void shouldCountDeadLettersByReason() {
        story.arrives("a", "no event");
        story.arrives("b", story.finished("permanent"));
        story.arrives("c", story.finished("temporary"));
        InboxWorker worker = story.worker((_, event) -> {
            if (event.data().reason().equals("permanent")) {
                throw new PermanentFailure("never");
            }
            throw new TemporaryFailure("not now", null);
        });
        worker.workOff();
        story.clock.advance(EventingStory.RETRY_DEADLINE);
        worker.workOff();

        reader.read();

        assertThat(value("slipway.inbox.dead.letters", "reason", "unreadable")).isEqualTo(1);
        assertThat(value("slipway.inbox.dead.letters", "reason", "permanent")).isEqualTo(1);
        assertThat(value("slipway.inbox.dead.letters", "reason", "gave_up")).isEqualTo(1);
    }

    @Test
    void shouldNotKnowWhatADatabaseHoldsThatIsAway() {
        reader.read();
        story.jdbi.useHandle(handle -> handle.execute("alter table outbox rename to outbox_away"));
        story.clock.advance(Duration.ofSeconds(70));

        reader.read();

        assertThat(value("slipway.outbox.unpublished")).isNaN();
        assertThat(meters.get("slipway.database.read.age").timeGauge().value(TimeUnit.SECONDS))
                .isEqualTo(70);
    }

    private double value(String name, String... labels) {
        return meters.get(name).tags(labels).gauge().value();
    }

    private GaugeReader reader(Jdbi jdbi) {
        return new GaugeReader(
                jdbi,
                story.clock,
                meters,
                List.of(new QueueGauges(List.of(kind("step"), kind("idle")))),
                Duration.ofDays(1));
    }

    private static WorkHandler kind(String kind) {
        return new WorkHandler() {
            @Override
            public String kind() {
                return kind;
            }

            @Override
            public WorkResult run(WorkItem item) {
                return WorkResult.done(_ -> {});
            }
        };
    }
}
