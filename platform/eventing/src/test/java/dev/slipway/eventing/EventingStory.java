package dev.slipway.eventing;

import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventData;
import dev.slipway.events.WatchCounts;
import dev.slipway.events.WatchFinished;
import dev.slipway.testkit.TestClock;
import dev.slipway.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// A service's inbox on a database of its own, with a handler that a test gives.
final class EventingStory {
    static final Duration RETRY_DEADLINE = Duration.ofMinutes(15);

    final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    final Jdbi jdbi;
    final Outbox outbox = new Outbox(clock);
    final EventWriter writer = new EventWriter(outbox, clock, Catalogue.MONITOR);
    final Inbox inbox = new Inbox(clock, Catalogue.DEPLOY);
    final List<String> handled = new ArrayList<>();
    private long offset;

    EventingStory() {
        this(TestDatabase.fresh("db/eventing").jdbi());
    }

    EventingStory(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    InboxWorker worker(BiConsumer<Handle, Event<WatchFinished>> effect) {
        return deciding((tx, event) -> {
            effect.accept(tx, event);
            return Handled.applied();
        });
    }

    InboxWorker deciding(BiFunction<Handle, Event<WatchFinished>, Handled> effect) {
        return new InboxWorker(jdbi, clock, RETRY_DEADLINE, List.of(new EventHandler<WatchFinished>() {
            @Override
            public Class<WatchFinished> type() {
                return WatchFinished.class;
            }

            @Override
            public Handled handle(Handle tx, Event<WatchFinished> event) {
                Handled made = effect.apply(tx, event);
                handled.add(event.data().reason());
                return made;
            }
        }));
    }

    Event<WatchFinished> finished(String reason) {
        UUID release = UUID.nameUUIDFromBytes(new byte[] {1});
        return event(new WatchFinished(
                release, "shop", "shop/production", UUID.randomUUID(), new WatchCounts(1, 0, 1, 0), reason));
    }

    <D extends EventData> Event<D> event(D data) {
        return new Event<>(
                Ids.next(clock), "/slipway/monitor-service", "subject", clock.instant(), UUID.randomUUID(), data);
    }

    void arrives(String key, Event<?> event) {
        arrives(key, dev.slipway.events.EventCodec.toJson(event).toString());
    }

    void arrives(String key, String value) {
        byte[] bytes = value == null ? null : value.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        var record = new ConsumerRecord<>("slipway.watch", 0, offset++, key, bytes);
        jdbi.useTransaction(tx -> inbox.store(tx, List.of(record)));
    }

    List<String> states() {
        return column("state");
    }

    /// A column of the inbox, oldest row first.
    List<String> column(String name) {
        return jdbi.withHandle(handle -> handle.createQuery("select " + name + " from inbox order by seq")
                .mapTo(String.class)
                .list());
    }

    String reason(int row) {
        return column("reason").get(row);
    }
}
