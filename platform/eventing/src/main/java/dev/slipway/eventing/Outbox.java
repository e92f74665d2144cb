package dev.slipway.eventing;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The way an event leaves a service: a row in the transaction of the change it tells of.
@Singleton
public final class Outbox {
    /// PostgreSQL channel on which a commit wakes the relay, in whichever replica it runs.
    static final String CHANNEL = "slipway_outbox";

    /// Insert and notification in one round trip; PostgreSQL delivers equal notifications of a transaction once.
    private static final String INSERT = """
            insert into outbox (event_id, topic, key, type, source, subject, time, chain_id, data, created_at)
            values (:id, :topic, :key, :type, :source, :subject, :time, :chain, cast(:data as jsonb), :now)
            returning pg_notify('%s', '')""".formatted(CHANNEL);

    private final Clock clock;

    public Outbox(Clock clock) {
        this.clock = clock;
    }

    /// Writes an event into the open transaction. It is published after the commit, never without it.
    ///
    /// @param key what keeps its order: the aggregate's id, as the catalogue says
    public void write(Handle tx, String key, Event<?> event) {
        insert(tx, key, event, json(event));
    }

    /// Takes a key off a compacted topic: an empty record (a tombstone) follows what was said of it before.
    ///
    /// @param last what would be said of it now; its type names the topic, nothing else of it leaves
    public void forget(Handle tx, String key, Event<?> last) {
        insert(tx, key, last, null);
    }

    private void insert(Handle tx, String key, Event<?> event, @Nullable String data) {
        Catalogue.Entry entry = Catalogue.of(event.data().getClass());
        tx.createUpdate(INSERT)
                .bind("id", event.id())
                .bind("topic", entry.topic())
                .bind("key", key)
                .bind("type", entry.type())
                .bind("source", event.source())
                .bind("subject", event.subject())
                .bind("time", event.time())
                .bind("chain", event.chainId())
                .bind("data", data)
                .bind("now", clock.instant())
                .execute();
    }

    private static String json(Event<?> event) {
        try {
            return EventCodec.json().writeValueAsString(event.data());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written: " + event, e);
        }
    }
}
