package dev.slipway.eventing;

import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.WatchCounts;
import dev.slipway.events.WatchFinished;
import dev.slipway.events.WatchHeld;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// A service that does one of everything: takes an event in, leaves an effect, an outbox row and due work, does the
/// work outside and records it. As a process of its own it halts at the point it is told.
final class CrashingService {
    private static final String KIND = "crash-test";
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Clock clock = Clock.systemUTC();
    private final WorkQueue queue = new WorkQueue(clock);
    private final EventWriter events = new EventWriter(new Outbox(clock), clock, Catalogue.MONITOR);
    private final Jdbi jdbi;
    private final Jdbi outside;
    private final String ours;

    /// @param ours the reason the test's own event has: the broker is shared
    /// @param outside keeps what is done outside, without the service's transactions
    CrashingService(Jdbi jdbi, Jdbi outside, String ours) {
        this.jdbi = jdbi;
        this.outside = outside;
        this.ours = ours;
    }

    static void createTables(Jdbi jdbi) {
        jdbi.useHandle(handle -> {
            handle.execute("create table effect (id text not null)");
            handle.execute("create table outside (key text not null)");
            handle.execute("create table recorded (key text not null)");
        });
    }

    Pumps start(String bootstrapServers, String group) {
        return new Pumps(
                jdbi,
                clock,
                new KafkaSettings(bootstrapServers, group, Optional.of("one")),
                SchemaGuards.knowing(outside, clock),
                queue,
                List.of(new Effect()),
                List.of(new Works()),
                Catalogue.NOTIFY,
                new PumpSettings(true, Duration.ofMinutes(1), 2, LEASE, 1, POLL));
    }

    /// @param arguments crash point, JDBC URL, user, password, bootstrap servers, consumer group, reason of the event
    public static void main(String... arguments) throws InterruptedException {
        CrashPoint point = CrashPoint.valueOf(arguments[0]);
        Jdbi halting = point.haltAt(arguments[1], arguments[2], arguments[3]);
        Jdbi outside = Jdbi.create(arguments[1], arguments[2], arguments[3]);
        new CrashingService(halting, outside, arguments[6]).start(arguments[4], arguments[5]);
        new CountDownLatch(1).await();
    }

    private final class Effect implements EventHandler<WatchHeld> {
        @Override
        public Class<WatchHeld> type() {
            return WatchHeld.class;
        }

        @Override
        public Handled handle(Handle tx, Event<WatchHeld> event) {
            WatchHeld held = event.data();
            if (!held.reason().equals(ours)) {
                return Handled.ignored("another test's");
            }
            tx.execute("insert into effect values (?)", event.id().toString());
            events.write(
                    tx,
                    held.release().toString(),
                    held.release().toString(),
                    event.chainId(),
                    new WatchFinished(
                            held.release(),
                            held.application(),
                            held.environment(),
                            held.step(),
                            new WatchCounts(1, 0, 1, 0),
                            ours));
            queue.schedule(tx, KIND, event.id().toString(), clock.instant());
            return Handled.applied();
        }
    }

    private final class Works implements WorkHandler {
        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public WorkResult run(WorkItem item) {
            outside.useHandle(handle -> handle.execute("insert into outside values (?)", item.id()));
            return WorkResult.done(tx -> tx.execute("insert into recorded values (?)", item.id()));
        }
    }
}
