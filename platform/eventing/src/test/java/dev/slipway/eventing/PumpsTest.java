package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.WatchFinished;
import dev.slipway.testkit.TestDatabase;
import dev.slipway.testkit.TestKafka;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

class PumpsTest {
    private static final Duration LONGER_THAN_THE_TEST = Duration.ofSeconds(40);

    private final Clock clock = Clock.systemUTC();
    private final String ours = "across " + Ids.next(clock);
    private final Jdbi monitor = TestDatabase.fresh("db/eventing").jdbi();
    private final Jdbi deploy = TestDatabase.fresh("db/eventing").jdbi();
    private final WorkQueue queue = new WorkQueue(clock);
    private final BlockingQueue<String> handled = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> worked = new LinkedBlockingQueue<>();

    @Test
    void shouldCarryAnEventToItsEffectWithoutWaitingForAPoll() throws Exception {
        Pumps sender = pumps(monitor, Catalogue.MONITOR, List.of(), List.of());
        Pumps receiver = pumps(deploy, Catalogue.DEPLOY, List.of(new Schedules()), List.of(new Works()));
        try {
            var event = new EventingStory().finished(ours);
            monitor.useTransaction(tx -> new Outbox(clock).write(tx, "r1", event));

            assertThat(handled.poll(30, TimeUnit.SECONDS)).isEqualTo(ours);
            assertThat(worked.poll(30, TimeUnit.SECONDS)).isEqualTo(ours);
        } finally {
            sender.stop(new ShutdownEvent());
            receiver.stop(new ShutdownEvent());
        }
    }

    private Pumps pumps(Jdbi jdbi, String service, List<EventHandler<?>> events, List<WorkHandler> work) {
        KafkaSettings kafka = new KafkaSettings(TestKafka.bootstrapServers(), service, Optional.of("one"));
        return new Pumps(
                jdbi,
                clock,
                kafka,
                SchemaGuards.knowing(jdbi, clock),
                queue,
                events,
                work,
                service,
                new PumpSettings(true, Duration.ofMinutes(1), 2, Duration.ofSeconds(15), 4, LONGER_THAN_THE_TEST));
    }

    private final class Schedules implements EventHandler<WatchFinished> {
        @Override
        public Class<WatchFinished> type() {
            return WatchFinished.class;
        }

        @Override
        public Handled handle(Handle tx, Event<WatchFinished> event) {
            if (!event.data().reason().equals(ours)) {
                return Handled.ignored("the broker is shared with other tests");
            }
            handled.add(event.data().reason());
            queue.schedule(tx, "test", event.data().reason(), clock.instant());
            return Handled.applied();
        }
    }

    private final class Works implements WorkHandler {
        @Override
        public String kind() {
            return "test";
        }

        @Override
        public WorkResult run(WorkItem item) {
            worked.add(item.id());
            return WorkResult.done(_ -> {});
        }
    }
}
