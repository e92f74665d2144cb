package dev.slipway.eventing;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.telemetry.Traces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The way an event leaves a service: a row in the transaction of the change it tells of.
@Singleton
public final class Outbox {
    /// PostgreSQL channel on which a commit wakes the relay, in whichever replica it runs.
    static final String CHANNEL = "slipway_outbox";

    /// Insert and notification in one round trip; PostgreSQL delivers equal notifications of a
    /// transaction once.
    private static final String INSERT = """
            insert into outbox (event_id, topic, key, type, source, subject, time, chain_id, data, traceparent,
                                created_at)
            values (:id, :topic, :key, :type, :source, :subject, :time, :chain, cast(:data as jsonb),
                    cast(:traceparent as text), :now)
            returning pg_notify('%s', '')""".formatted(CHANNEL);

    /// An escaped NUL, behind any number of escaped backslashes.
    private static final Pattern NUL = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");

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

    /// Takes a key off a compacted topic: an empty record (a tombstone) follows what was said of it
    /// before.
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
                .bind("traceparent", Traces.current())
                .bind("now", clock.instant())
                .execute();
    }

    /// An event, what keeps its order, and the trace it belongs to.
    record Keyed(String key, Event<?> event, @Nullable String traceparent) {}

    /// Writes events in the order given, with one statement.
    void writeAll(Handle tx, List<Keyed> events) {
        if (events.isEmpty()) {
            return;
        }
        tx.createUpdate("""
                        insert into outbox (event_id, topic, key, type, source, subject, time, chain_id, data,
                                            traceparent, created_at)
                        select cast(id as uuid), topic, key, type, source, subject, cast(time as timestamptz),
                               cast(chain as uuid), cast(data as jsonb), nullif(trace, ''), :now
                        from unnest(cast(:ids as text[]), cast(:topics as text[]), cast(:keys as text[]),
                                    cast(:types as text[]), cast(:sources as text[]), cast(:subjects as text[]),
                                    cast(:times as text[]), cast(:chains as text[]), cast(:data as text[]),
                                    cast(:traces as text[]))
                             with ordinality as fresh (id, topic, key, type, source, subject, time, chain, data, trace, place)
                        order by place""")
                .bind("now", clock.instant())
                .bindArray("ids", String.class, column(events, keyed -> keyed.event.id()))
                .bindArray(
                        "topics",
                        String.class,
                        column(events, keyed -> entry(keyed.event).topic()))
                .bindArray("keys", String.class, column(events, Keyed::key))
                .bindArray(
                        "types",
                        String.class,
                        column(events, keyed -> entry(keyed.event).type()))
                .bindArray("sources", String.class, column(events, keyed -> keyed.event.source()))
                .bindArray("subjects", String.class, column(events, keyed -> keyed.event.subject()))
                .bindArray("times", String.class, column(events, keyed -> keyed.event.time()))
                .bindArray("chains", String.class, column(events, keyed -> keyed.event.chainId()))
                .bindArray("data", String.class, column(events, keyed -> json(keyed.event)))
                .bindArray(
                        "traces",
                        String.class,
                        column(events, keyed -> Objects.requireNonNullElse(keyed.traceparent, "")))
                .execute();
        tx.execute("select pg_notify('" + CHANNEL + "', '')");
    }

    private static Catalogue.Entry entry(Event<?> event) {
        return Catalogue.of(event.data().getClass());
    }

    private static String[] column(List<Keyed> events, Function<Keyed, Object> member) {
        return events.stream().map(member).map(Object::toString).toArray(String[]::new);
    }

    private static String json(Event<?> event) {
        try {
            // Texts from outside may hold what PostgreSQL does not take: a release must not stand still for that.
            return NUL.matcher(EventCodec.json().writeValueAsString(event.data()))
                    .replaceAll("$1\\\\ufffd");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written: " + event, e);
        }
    }
}
