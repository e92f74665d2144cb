package dev.slipway.trials.events;

import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.Handled;
import dev.slipway.eventing.Outbox;
import dev.slipway.eventing.PumpsAlone;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.WatchHeld;
import dev.slipway.suite.postgres.Postgres;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Outbox, relay, Kafka, inbox, worker, effect: the code of the services, on their databases.
final class Backbone implements Way {
    /// Publishes only: the catalogue knows no consumer of this name.
    private static final String SPEAKER = "bench";

    private static final UUID CHAIN = new UUID(0x7000L, 0);

    private final Connections speaker;
    private final Connections listener;
    private final Jdbi said;
    private final EventWriter events;
    private final PumpsAlone publishing;
    private final PumpsAlone listening;
    private volatile Arrivals round = new Arrivals(1);

    Backbone(Postgres server, String bootstrapServers, Clock clock) {
        speaker = new Connections(server, Effects.SAID_IN);
        listener = new Connections(server, Effects.HEARD_IN);
        said = Jdbi.create(speaker);
        events = new EventWriter(new Outbox(clock), clock, Catalogue.MONITOR);
        publishing = PumpsAlone.start(said, clock, bootstrapServers, SPEAKER, List.of());
        listening = PumpsAlone.start(
                Jdbi.create(listener), clock, bootstrapServers, Catalogue.NOTIFY, List.of(new Effect()));
    }

    @Override
    public String name() {
        return "outbox → inbox";
    }

    @Override
    public void begin(Arrivals next) {
        round = next;
    }

    @Override
    public void say(List<Word> words) {
        said.useTransaction(tx -> {
            if (words.size() == 1) {
                Word word = words.getFirst();
                events.write(tx, word.key(), word.key(), CHAIN, word.event());
            } else {
                events.writeAll(
                        tx,
                        words.stream()
                                .map(word -> new EventWriter.Draft(word.key(), word.key(), CHAIN, word.event(), null))
                                .toList());
            }
        });
    }

    @Override
    public void close() throws InterruptedException, SQLException {
        publishing.close();
        listening.close();
        speaker.close();
        listener.close();
    }

    private final class Effect implements EventHandler<WatchHeld> {
        @Override
        public Class<WatchHeld> type() {
            return WatchHeld.class;
        }

        @Override
        public Handled handle(Handle tx, Event<WatchHeld> event) {
            int number = Integer.parseInt(event.data().reason());
            tx.execute(Effects.INSERT, event.id(), number);
            Arrivals now = round;
            tx.afterCommit(() -> now.add(number));
            return Handled.applied();
        }
    }
}
