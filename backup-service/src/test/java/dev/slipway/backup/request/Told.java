package dev.slipway.backup.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.events.Catalogue;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// One event as it waits to be sent.
public record Told(String key, String subject, UUID chainId, EventData data) {

    /// All of them, oldest first.
    static List<Told> all(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.createQuery("select * from outbox order by seq")
                .map((row, _) -> new Told(
                        row.getString("key"),
                        row.getString("subject"),
                        row.getObject("chain_id", UUID.class),
                        data(row.getString("type"), row.getString("data"))))
                .list());
    }

    private static EventData data(String type, String json) {
        try {
            return EventCodec.json()
                    .readValue(json, Catalogue.ofType(type).orElseThrow().data());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
