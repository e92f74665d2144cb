package dev.slipway.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.events.Catalogue;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/// What deploy-service has said, as its outbox has it.
final class Said {
    private final Jdbi jdbi;
    private long heard;

    Said(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// Everything so far, in order.
    List<EventData> all() {
        return after(0);
    }

    /// What nobody asked for here before.
    List<EventData> sinceHeard() {
        List<EventData> events = after(heard);
        heard = jdbi.withHandle(handle -> handle.createQuery("select coalesce(max(seq), 0) from outbox")
                .mapTo(Long.class)
                .one());
        return events;
    }

    private List<EventData> after(long seq) {
        return jdbi.withHandle(
                handle -> handle.createQuery("select type, data from outbox where seq > :after order by seq")
                        .bind("after", seq)
                        .map((rs, _) -> event(rs.getString("type"), rs.getString("data")))
                        .list());
    }

    private static EventData event(String type, String data) {
        try {
            return EventCodec.json()
                    .readValue(data, Catalogue.ofType(type).orElseThrow().data());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
